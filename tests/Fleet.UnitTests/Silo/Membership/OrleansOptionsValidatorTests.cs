using Fleet.Silo.Membership;

namespace Fleet.UnitTests.Silo.Membership;

public sealed class OrleansOptionsValidatorTests
{
    [Fact]
    public void Defaults_AreFine() => new OrleansOptionsValidator().Validate(null, new OrleansOptions()).Succeeded.ShouldBeTrue();

    [Fact]
    public void Faults_AreAllToldWithTheKeyAndTheRemedy()
    {
        var result = new OrleansOptionsValidator().Validate(null, new OrleansOptions
        {
            AdvertisedAddress = "10.0.0.7",
            SiloPort = 11_111,
            GatewayPort = 11_111,
            ProbeTimeoutMs = 5_000,
            MissedProbes = 3,
        });

        var message = result.FailureMessage.ShouldNotBeNull();
        message.ShouldContain("Fleet:Orleans:PrivateNetwork=true");
        message.ShouldContain("GatewayPort=0");
        message.ShouldContain("Fleet:Orleans:RetryMs");
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("silo.internal")]
    [InlineData("0.0.0.0")]
    public void Address_ThatMayNotBeLoopback_NeedsThePrivateNetwork(string address)
    {
        new OrleansOptionsValidator().Validate(null, new OrleansOptions { AdvertisedAddress = address }).Failed.ShouldBeTrue();
        new OrleansOptionsValidator().Validate(null, new OrleansOptions { AdvertisedAddress = address, PrivateNetwork = true }).Succeeded.ShouldBeTrue();
    }
}
