using Fleet.Silo.Transcription;

namespace Fleet.UnitTests.Silo.Transcription;

public sealed class ScoringOptionsValidatorTests
{
    private readonly ScoringOptionsValidator _sut = new();

    [Fact]
    public void Defaults_AreGood() => _sut.Validate(null, new ScoringOptions()).Succeeded.ShouldBeTrue();

    [Fact]
    public void EndpointNotAnAddress_IsRefused() => Fails(new ScoringOptions { Endpoint = "localhost/score" }, "Fleet:Scoring:Endpoint");

    [Fact]
    public void EntraSecretWithoutApplication_IsRefused() =>
        Fails(new ScoringOptions { Auth = ScoringAuth.Entra, ClientSecretFile = "/secret" }, "Fleet:Scoring:TenantId");

    [Fact]
    public void Deployments_NamelessTwiceWrongOrAllOfWeightZero_AreRefusedByTheirKeys()
    {
        Fails(new ScoringOptions { Deployments = [new() { Name = "" }] }, "Fleet:Scoring:Deployments:0:Name");
        Fails(new ScoringOptions { Deployments = [new() { Name = "blue" }, new() { Name = "blue" }] }, "'blue' 2 times");
        Fails(new ScoringOptions { Deployments = [new() { Name = "a" }, new() { Name = "b", Endpoint = "ftp://x" }] }, "Fleet:Scoring:Deployments:1:Endpoint");
        Fails(new ScoringOptions { Deployments = [new() { Name = "a", Weight = 0 }] }, "only weights of 0");
        Fails(new ScoringOptions { Deployments = [new() { Name = "a", Weight = -1 }] }, "Fleet:Scoring:Deployments:0:Weight");
    }

    private void Fails(ScoringOptions options, string with) => _sut.Validate(null, options).FailureMessage.ShouldNotBeNull().ShouldContain(with);
}
