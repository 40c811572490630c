using Fleet.Silo.Access;
using Fleet.Silo.Ingest;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Hosting;

/// <summary>What attributes cannot say: each sentence names the key and the remedy.</summary>
internal sealed class SiloConfigurationValidator :
    IValidateOptions<GrpcOptions>, IValidateOptions<HttpOptions>, IValidateOptions<RuntimeOptions>, IValidateOptions<CredentialOptions>,
    IValidateOptions<IngestOptions>
{
    public ValidateOptionsResult Validate(string? name, GrpcOptions options)
    {
        if (!EndPoints.TryParse(options.Listen, out var endPoint))
        {
            return NotAnAddress("Fleet:Grpc:Listen", options.Listen);
        }

        var hasCertificate = options.CertificateFile.Length > 0;
        if (hasCertificate != options.CertificateKeyFile.Length > 0)
        {
            return ValidateOptionsResult.Fail("Fleet:Grpc:CertificateFile and Fleet:Grpc:CertificateKeyFile belong together: set both or none.");
        }

        foreach (var (key, file) in new[] { ("CertificateFile", options.CertificateFile), ("CertificateKeyFile", options.CertificateKeyFile) })
        {
            if (file.Length > 0 && !File.Exists(file))
            {
                return ValidateOptionsResult.Fail($"Fleet:Grpc:{key} is {file}, which is not there: set it to a PEM file.");
            }
        }

        return hasCertificate || options.PrivateNetwork || System.Net.IPAddress.IsLoopback(endPoint.Address)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Fleet:Grpc:Listen is {options.Listen}, which others can reach, and there is no certificate: set Fleet:Grpc:CertificateFile and "
                + "Fleet:Grpc:CertificateKeyFile, or Fleet:Grpc:PrivateNetwork=true when nobody else can listen on that network.");
    }

    public ValidateOptionsResult Validate(string? name, HttpOptions options) => EndPoints.TryParse(options.Listen, out _)
        ? ValidateOptionsResult.Success
        : NotAnAddress("Fleet:Http:Listen", options.Listen);

    public ValidateOptionsResult Validate(string? name, RuntimeOptions options) => options.Runtime switch
    {
        RuntimeOptions.Embedded => ValidateOptionsResult.Success,
#if FLEET_ORLEANS
        RuntimeOptions.Orleans => ValidateOptionsResult.Success,
#else
        RuntimeOptions.Orleans => ValidateOptionsResult.Fail(
            "Fleet:Runtime is 'orleans', and this build has no Orleans: take one with it (-p:FullFeed=true, ./fleet --full, an image), or set Fleet:Runtime=embedded."),
#endif
        _ => ValidateOptionsResult.Fail($"Fleet:Runtime is '{options.Runtime}': set it to {RuntimeOptions.Embedded} or {RuntimeOptions.Orleans}."),
    };

    public ValidateOptionsResult Validate(string? name, CredentialOptions options)
    {
        var faults = new List<string>();
        if (options.JoinKeyFile.Length == 0)
        {
            faults.Add("Fleet:Credentials:JoinKeyFile is not set: set it to a file for the key of the devices (made when it is missing).");
        }

        if (options.ApiKeyFile.Length == 0)
        {
            faults.Add("Fleet:Credentials:ApiKeyFile is not set: set it to a file for the key of the fleet API (made when it is missing).");
        }

        if (faults.Count == 0 && Path.GetFullPath(options.JoinKeyFile) == Path.GetFullPath(options.ApiKeyFile))
        {
            faults.Add("Fleet:Credentials:JoinKeyFile and Fleet:Credentials:ApiKeyFile are the same file: a device could read everything. Set two files.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    public ValidateOptionsResult Validate(string? name, IngestOptions options)
    {
        var faults = new List<string>();
        if (options.MaxUtteranceBytes > options.CreditBytes)
        {
            faults.Add(
                $"Fleet:Ingest:MaxUtteranceBytes is {options.MaxUtteranceBytes}, more than Fleet:Ingest:CreditBytes ({options.CreditBytes}): "
                + "such an utterance could never be sent. Lower the one or raise the other.");
        }

        if (options.ControlMessagesPerMinute < 2 * 60_000 / options.HeartbeatIntervalMs)
        {
            faults.Add(
                $"Fleet:Ingest:ControlMessagesPerMinute is {options.ControlMessagesPerMinute}, too few for a heartbeat each {options.HeartbeatIntervalMs} ms "
                + "(Fleet:Ingest:HeartbeatIntervalMs): raise either.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static ValidateOptionsResult NotAnAddress(string key, string value) =>
        ValidateOptionsResult.Fail($"{key} is '{value}': set it to ADDRESS:PORT, such as 127.0.0.1:5100, [::1]:5100 or 0.0.0.0:5100.");
}
