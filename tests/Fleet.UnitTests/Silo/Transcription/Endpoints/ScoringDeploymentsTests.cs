using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription.Endpoints;

public sealed class ScoringDeploymentsTests : IAsyncDisposable
{
    private readonly TranscriberFixture _fleet = new(new ScoringOptions
    {
        Deployments = [new() { Name = "blue", Weight = 90 }, new() { Name = "green", Weight = 10 }, new() { Name = "spare", Weight = 0 }],
    });

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public void InTurn_SharesGoByWeight()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _fleet.Deployments.InTurn()[0].SharedUtterances++;
        }

        Named("blue").SharedUtterances.ShouldBeInRange(895, 905);
        Named("green").SharedUtterances.ShouldBeInRange(95, 105);
        Named("spare").SharedUtterances.ShouldBe(0);
    }

    [Fact]
    public void InTurn_OneIsAway_TheOthersStandInAndItIsSaid()
    {
        _fleet.Deployments.AwayBecause.ShouldBeNull();
        _fleet.Deployments.TroubledBecause.ShouldBeNull();

        Named("blue").Breaker.OnAway("404", null, isProbe: false);
        _fleet.Deployments.InTurn().ShouldHaveSingleItem().Target.Name.ShouldBe("green");
        _fleet.Deployments.TroubledBecause.ShouldBe("blue: 404");

        Named("green").Breaker.OnAway("401", null, isProbe: false);
        _fleet.Deployments.InTurn().ShouldHaveSingleItem().Target.Name.ShouldBe("spare");
        _fleet.Deployments.AwayBecause.ShouldBeNull();

        Named("spare").Breaker.OnAway("503", null, isProbe: false);
        _fleet.Deployments.AwayBecause.ShouldBe("blue: 404; green: 401; spare: 503");
    }

    [Fact]
    public void InTurn_AfterItsPause_TheOneThatIsAwayIsTried()
    {
        Named("blue").Breaker.OnAway("404", null, isProbe: false);
        _fleet.Time.Advance(TimeSpan.FromSeconds(1));

        _fleet.Deployments.InTurn().Select(one => one.Target.Name).ShouldBe(["blue", "green"], ignoreOrder: true);
        Named("blue").Request(isAged: false).ShouldNotBeNull().Bounds.Utterances.ShouldBe(1);
    }

    [Fact]
    public void Target_WhatIsLeftOut_IsAsForAll()
    {
        var targets = ScoringTarget.All(new ScoringOptions
        {
            Endpoint = "http://a/score",
            KeyFile = "/k",
            MaxConcurrentRequestsPerInstance = 2,
            Instances = 3,
            Deployments = [new() { Name = "blue" }, new() { Name = "other", Endpoint = "http://b/score", Format = ScoringFormat.Single, Instances = 1, Deployment = "v2" }],
        });

        targets.Select(target => (target.Name, target.Endpoint.Host, target.Format, target.KeyFile, target.Ceiling, target.Deployment)).ShouldBe(
            [("blue", "a", ScoringFormat.Batch, "/k", 12, ""), ("other", "b", ScoringFormat.Single, "/k", 4, "v2")]);
        ScoringTarget.All(new ScoringOptions()).ShouldHaveSingleItem().Name.ShouldBe("default");
    }

    private ScoringDeployment Named(string name) => _fleet.Deployments.All.Single(one => one.Target.Name == name);
}
