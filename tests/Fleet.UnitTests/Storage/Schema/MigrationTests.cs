using Fleet.Storage;

namespace Fleet.UnitTests.Storage.Schema;

public sealed class MigrationTests
{
    private static readonly Migration[] _known = [new(1, "0001_one", "SELECT 1"), new(2, "0002_two", "SELECT 2")];

    [Fact]
    public void All_OfThisProgram_AreNumberedWithoutGaps() =>
        Migration.All.Select(migration => migration.Number).ShouldBe(Enumerable.Range(1, Migration.All.Count));

    [Fact]
    public void Checksum_LineEndsOfTheCheckout_DoNotMatter() =>
        new Migration(1, "0001_one", "a\r\nb").Checksum.ShouldBe(new Migration(1, "0001_one", "a\nb").Checksum);

    [Fact]
    public void Pending_SomeApplied_AreTheOthers()
    {
        MigrationPlan.Pending(_known, []).ShouldBe(_known);
        MigrationPlan.Pending(_known, [Applied(_known[0])]).ShouldBe([_known[1]]);
        MigrationPlan.Pending(_known, [Applied(_known[0]), Applied(_known[1])]).ShouldBeEmpty();
    }

    [Fact]
    public void Pending_OneIsMissingInBetween_IsRefused() =>
        Should.Throw<SchemaException>(() => MigrationPlan.Pending(_known, [Applied(_known[1])])).Message.ShouldContain("0001_one");

    private static AppliedMigration Applied(Migration migration) => new(migration.Number, migration.Name, migration.Checksum);
}
