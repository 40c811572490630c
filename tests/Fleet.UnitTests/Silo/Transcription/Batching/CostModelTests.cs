using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Batching;

public sealed class CostModelTests
{
    private readonly CostModel _sut = new();
    private readonly Random _random = new(4711);

    [Fact]
    public void Expect_AfterSomeCalls_IsWhatTheyCost()
    {
        Learn(60, call: 0.05, utterance: 0.01, second: 0.004);

        Seconds(new BatchShape(20, 60, 5)).ShouldBe(0.05 + 0.2 + 0.24, 0.03);
        Seconds(new BatchShape(1, 2, 2)).ShouldBe(0.068, 0.02);
    }

    [Fact]
    public void Expect_BeforeTheThirdCall_IsNotKnown()
    {
        Learn(2, 0.05, 0.01, 0);

        _sut.Expect(new BatchShape(1, 1, 1)).ShouldBeNull();
        _sut.WorthUtterances(1, 32).ShouldBe(32);
    }

    [Fact]
    public void WorthUtterances_CallsThatCostThemselvesNothing_AreNotWorthWaitingFor()
    {
        // A recogniser that works through a batch one by one.
        Learn(60, call: 0.001, utterance: 0, second: 0.25);

        _sut.WorthUtterances(3, 32).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void WorthUtterances_CallsThatCostMuch_AreFilled()
    {
        Learn(60, call: 0.1, utterance: 0.004, second: 0.002);

        _sut.WorthUtterances(3, 32).ShouldBe(32);
    }

    [Fact]
    public void Observe_CallsThatWaitedAtTheEndpoint_HardlyCount()
    {
        Learn(60, 0.05, 0.01, 0.004);

        for (var i = 0; i < 10; i++)
        {
            _sut.Observe(new BatchShape(1, 2, 2), TimeSpan.FromSeconds(0.2));
        }

        Seconds(new BatchShape(1, 2, 2)).ShouldBe(0.068, 0.02);
    }

    [Fact]
    public void Observe_EndpointThatHasBecomeSlower_IsBelievedInTheEnd()
    {
        Learn(60, 0.05, 0.01, 0.004);

        for (var i = 0; i < 3_000; i++)
        {
            _sut.Observe(new BatchShape(1, 2, 2), TimeSpan.FromSeconds(0.2));
        }

        Seconds(new BatchShape(1, 2, 2)).ShouldBe(0.2, 0.03);
    }

    private double Seconds(BatchShape shape) => _sut.Expect(shape).ShouldNotBeNull().TotalSeconds;

    private void Learn(int calls, double call, double utterance, double second)
    {
        for (var i = 0; i < calls; i++)
        {
            var utterances = 1 + _random.Next(16);
            var seconds = utterances * (1 + (4 * _random.NextDouble()));
            _sut.Observe(new BatchShape(utterances, seconds, seconds / utterances), TimeSpan.FromSeconds(call + (utterance * utterances) + (second * seconds)));
        }
    }
}
