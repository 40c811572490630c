using Fleet.Silo.Access;
using Fleet.Silo.Hosting;
using Fleet.Silo.Ingest;
using Microsoft.Extensions.Options;

namespace Fleet.UnitTests.Silo.Hosting;

public sealed class SiloConfigurationTests
{
    private readonly SiloConfigurationValidator _sut = new();

    [Theory]
    [InlineData("127.0.0.1:5100", false, true)]
    [InlineData("localhost:0", false, true)]
    [InlineData("[::1]:5100", false, true)]
    [InlineData("0.0.0.0:5100", false, false)]
    [InlineData("0.0.0.0:5100", true, true)]
    [InlineData("*:5100", false, false)]
    [InlineData("5100", false, false)]
    [InlineData("127.0.0.1", false, false)]
    [InlineData("127.0.0.1:70000", false, false)]
    public void Grpc_PlaintextOffLoopback_OnlyOnAPrivateNetwork(string listen, bool privateNetwork, bool good)
    {
        var result = _sut.Validate(null, new GrpcOptions { Listen = listen, PrivateNetwork = privateNetwork });

        result.Succeeded.ShouldBe(good, result.FailureMessage);
        if (!good)
        {
            result.FailureMessage.ShouldNotBeNull().ShouldContain("Fleet:Grpc:");
        }
    }

    [Fact]
    public void Grpc_CertificateWithoutKeyOrFile_IsRefused()
    {
        Fails(_sut.Validate(null, new GrpcOptions { CertificateFile = "/no/such.pem" }), "belong together");
        Fails(_sut.Validate(null, new GrpcOptions { CertificateFile = "/no/such.pem", CertificateKeyFile = "/no/key.pem" }), "Fleet:Grpc:CertificateFile");
    }

    [Fact]
    public void Credentials_MissingOrTheSame_NameKeyAndRemedy()
    {
        Fails(_sut.Validate(null, new CredentialOptions()), "Fleet:Credentials:JoinKeyFile is not set");
        Fails(_sut.Validate(null, new CredentialOptions { JoinKeyFile = "/a/key", ApiKeyFile = "/a/../a/key" }), "same file");
        _sut.Validate(null, new CredentialOptions { JoinKeyFile = "/a/join", ApiKeyFile = "/a/api" }).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void Ingest_UtteranceBeyondCredit_IsRefused() =>
        Fails(_sut.Validate(null, new IngestOptions { CreditBytes = 65_536, MaxUtteranceBytes = 65_537 }), "Fleet:Ingest:MaxUtteranceBytes");

    [Fact]
    public void Ingest_FewerMessagesThanHeartbeats_IsRefused() =>
        Fails(_sut.Validate(null, new IngestOptions { ControlMessagesPerMinute = 500, HeartbeatIntervalMs = 100 }), "Fleet:Ingest:ControlMessagesPerMinute");

    [Fact]
    public void Build_SeveralFaults_AreShownTogether()
    {
        var settings = new Dictionary<string, string?> { ["Fleet:Runtime"] = "magic", ["Fleet:Ingest:CreditBytes"] = "1" };

        var exception = Should.Throw<AggregateException>(() => SiloHost.Build([], settings));

        var failures = exception.InnerExceptions.OfType<OptionsValidationException>().SelectMany(inner => inner.Failures).ToList();
        failures.ShouldContain(failure => failure.Contains("Fleet:Runtime"));
        failures.ShouldContain(failure => failure.Contains("CreditBytes"));
        failures.ShouldContain(failure => failure.Contains("Fleet:Database:ConnectionString"));
        failures.ShouldContain(failure => failure.Contains("Fleet:Credentials:ApiKeyFile"));
    }

    private static void Fails(ValidateOptionsResult result, string with)
    {
        result.Failed.ShouldBeTrue();
        result.FailureMessage.ShouldNotBeNull().ShouldContain(with);
    }
}
