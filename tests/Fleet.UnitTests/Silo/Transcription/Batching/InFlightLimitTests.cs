using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Batching;

public sealed class InFlightLimitTests
{
    private static readonly TimeSpan _alone = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Limit_EndpointOfSoManyParallelCalls_IsFoundAndHeld(int parallel)
    {
        var sut = new InFlightLimit(2, 32);

        for (var i = 0; i < 400; i++)
        {
            Round(sut, parallel);
        }

        sut.Limit.ShouldBeInRange(parallel, (int)Math.Ceiling(1.7 * parallel));
        sut.FullLimit.ShouldBe(2 * sut.Limit);
    }

    [Fact]
    public void Limit_Overload_IsHalvedOnceForAllCallsThatBeganBefore()
    {
        var sut = new InFlightLimit(8, 32);
        var tickets = Enumerable.Range(0, 8).Select(_ => sut.Begin()).ToList();

        tickets.ForEach(sut.OnOverloaded);

        sut.Limit.ShouldBe(4);
        sut.OnOverloaded(sut.Begin());
        sut.Limit.ShouldBe(2);
    }

    [Fact]
    public void Limit_WhatTheEndpointTakes_IsNeverExceeded()
    {
        var sut = new InFlightLimit(3, 6);

        for (var i = 0; i < 1_000; i++)
        {
            Round(sut, parallel: 100);
        }

        sut.Limit.ShouldBe(6);
        sut.FullLimit.ShouldBe(6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    public void Limit_EndpointThatRefusesWhatIsBeyond_IsAskedForMoreLessAndLessOften(int takes)
    {
        var sut = new InFlightLimit(2, 64);
        var (calls, refused, below) = (0, 0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            var tickets = Enumerable.Range(0, sut.Limit).Select(_ => sut.Begin()).ToList();
            below += Math.Max(0, takes - tickets.Count);
            calls += tickets.Count;
            foreach (var ticket in tickets)
            {
                if (ticket.InFlight > takes)
                {
                    refused++;
                    sut.OnOverloaded(ticket);
                }
                else
                {
                    sut.OnAnswered(ticket, _alone, _alone);
                }

                sut.End();
            }
        }

        ((double)refused / calls).ShouldBeLessThan(0.02);
        ((double)below / (2_000 * takes)).ShouldBeLessThan(0.15);
    }

    [Fact]
    public void Limit_EndpointThatGotMoreInstances_GrowsQuicklyOnceTheFirstNewPlaceHolds()
    {
        var sut = new InFlightLimit(2, 64);
        for (var i = 0; i < 300; i++)
        {
            Round(sut, parallel: 2);
        }

        sut.Limit.ShouldBeInRange(2, 3);
        var rounds = 0;
        while (sut.Limit < 24 && rounds < 1_000)
        {
            rounds++;
            Round(sut, parallel: 24);
        }

        rounds.ShouldBeLessThan(300);
    }

    [Fact]
    public void Limit_CallsThatDoNotFillIt_ProveNothing()
    {
        var sut = new InFlightLimit(4, 32);

        for (var i = 0; i < 100; i++)
        {
            sut.OnAnswered(sut.Begin(), _alone, _alone);
            sut.End();
        }

        sut.Limit.ShouldBe(4);
    }

    // As many calls as it allows, at an endpoint where those beyond its own number wait.
    private static void Round(InFlightLimit sut, int parallel)
    {
        var tickets = Enumerable.Range(0, sut.Limit).Select(_ => sut.Begin()).ToList();
        foreach (var ticket in tickets)
        {
            sut.OnAnswered(ticket, _alone * Math.Max(1, (double)tickets.Count / parallel), _alone);
            sut.End();
        }
    }
}
