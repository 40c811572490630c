using Fleet.Chaos.Ledgers;
using Fleet.DeviceAgent.Testing;
using Fleet.UnitTests.Agent;

namespace Fleet.UnitTests.Chaos.Ledgers;

public sealed class LedgerTests
{
    private const string Device = "agent1-001";
    private static readonly Guid _first = Guid.CreateVersion7();
    private static readonly Guid _second = Guid.CreateVersion7();

    [Fact]
    public void Parse_WhatAnAgentWrote_IsWhatItHeard()
    {
        using TemporaryFolder folder = new();
        using (var written = UtteranceLedger.Open(folder.Path, Device, TimeProvider.System))
        {
            written.Begin(_first.ToString(), 1, 1_700_000_000_000);
            written.Append([1, 2, 3, 4]);
            written.Append([5, 6]);
            written.End();
            written.Begin(_second.ToString(), 2, 1_700_000_001_000);
            written.Append([7, 8]);
        }

        var sut = Ledger.ReadFolder(folder.Path).ShouldHaveSingleItem();

        sut.DeviceId.ShouldBe(Device);
        sut.Damage.ShouldBeEmpty();
        sut.Starts.ShouldBe(1);
        sut.Entries.Count.ShouldBe(2);
        sut.Entries[0].IsEnded.ShouldBeTrue();
        sut.Entries[0].Bytes.ShouldBe(6);
        sut.Entries[0].Sha256.ShouldBe(Hashes.Of([1, 2, 3, 4, 5, 6]));
        sut.Entries[0].Parts[0].ShouldBe(new LedgerPart(4, Hashes.Of([1, 2, 3, 4])));
        sut.Entries[1].IsEnded.ShouldBeFalse();
        sut.Entries[1].SequenceNumber.ShouldBe(2);
    }

    [Fact]
    public void Parse_AgentWasKilledInTheMiddleOfALine_TheNextStartGoesOn()
    {
        using TemporaryFolder folder = new();
        Open(folder).Dispose();
        File.AppendAllText(Path.Combine(folder.Path, Device + ".ledger"), """{"part":"0190""");
        using (var again = Open(folder))
        {
            again.Begin(_first.ToString(), 1, 0);
            again.End();
        }

        var sut = Ledger.ReadFolder(folder.Path).ShouldHaveSingleItem();

        sut.Damage.ShouldBeEmpty();
        sut.Starts.ShouldBe(2);
        sut.Entries.ShouldHaveSingleItem().IsEnded.ShouldBeTrue();
    }

    [Fact]
    public void Parse_LastLineTorn_IsNoDamage() =>
        Ledger.Parse(Device, ["""{"boot":1,"at":1}""", """{"begin":"01"""]).Damage.ShouldBeEmpty();

    [Fact]
    public void Parse_LineTornInTheMiddle_IsDamage() =>
        Ledger.Parse(Device, ["""{"boot":1,"at":1}""", """{"beg""", $$"""{"begin":"{{_first}}","seq":1,"at":2}"""]).Damage.ShouldHaveSingleItem();

    [Fact]
    public void Parse_PartOfAnotherUtterance_IsDamage() =>
        Ledger.Parse(Device, [$$"""{"begin":"{{_first}}","seq":1,"at":2}""", $$"""{"part":"{{_second}}","bytes":2,"sha256":"","at":2}"""])
            .Damage.ShouldHaveSingleItem();

    private static UtteranceLedger Open(TemporaryFolder folder) => UtteranceLedger.Open(folder.Path, Device, TimeProvider.System);
}
