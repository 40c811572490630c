using Fleet.Dashboard.Components.Parts;
using Fleet.Storage;
using Reason = Fleet.V1.UtteranceLost.Types.Reason;

namespace Fleet.UnitTests.Dashboard.Components.Parts;

public sealed class AccountWordsTests
{
    [Fact]
    public void Line_LostForOneReason_SaysItOnce() =>
        AccountWords.Line(new UtteranceAccount(48_211, 48_208, new Dictionary<Reason, long> { [Reason.SpoolFull] = 3 }, 0))
            .ShouldBe("48,211 spoken, 48,208 stored, 3 lost (spool full), 0 missing");

    [Fact]
    public void Line_SeveralReasonsAndSomethingWaits_CountsEach() =>
        AccountWords.Line(new UtteranceAccount(20, 9, new Dictionary<Reason, long> { [Reason.Disk] = 1, [Reason.SpoolFull] = 4, [Reason.Expired] = 0 }, 2))
            .ShouldBe("20 spoken, 9 stored, 5 lost (4 spool full, 1 the device's disk did not take it), 2 missing, 4 waiting on devices");

    [Fact]
    public void Line_NothingSpoken_IsAllZero() =>
        AccountWords.Line(UtteranceAccount.Empty).ShouldBe("0 spoken, 0 stored, 0 lost, 0 missing");
}
