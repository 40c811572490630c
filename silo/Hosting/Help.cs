namespace Fleet.Silo.Hosting;

/// <summary>What --help says.</summary>
internal static class Help
{
    public const string Text =
        """
        Fleet.Silo: takes utterances from devices, stores them, has them transcribed, and answers the fleet API.

        Usage: dotnet Fleet.Silo.dll [--Fleet:KEY=VALUE]…

        Settings come from the environment (Fleet__Grpc__Listen), from the command line (--Fleet:Grpc:Listen=…) or from appsettings.json beside the program.

          Fleet:Database:ConnectionString     Npgsql connection string of the PostgreSQL database; it is migrated at start. Required.
          Fleet:Database:PasswordFile         File whose text is the password.
          Fleet:Credentials:JoinKeyFile       File of the devices' key; made with mode 600 when it is missing. Required.
          Fleet:Credentials:ApiKeyFile        File of the fleet API's key; made likewise. Required.
          Fleet:Grpc:Listen                   Address and port for gRPC (HTTP/2). Default 127.0.0.1:5100.
          Fleet:Grpc:CertificateFile          Certificate chain for TLS (PEM), with CertificateKeyFile. Needed off loopback, or else:
          Fleet:Grpc:PrivateNetwork           true: nobody else can listen on that network, plaintext is allowed.
          Fleet:Http:Listen                   Address and port of /healthz/live and /healthz/ready. Default 127.0.0.1:5101.
          Fleet:Scoring:Endpoint              Speech-to-text endpoint. Default http://127.0.0.1:5001/score.
          Fleet:Scoring:KeyFile               File of its key.
          Fleet:Scoring:Format                batch (our scoring server) or single (the tutorial's body). Default batch.
          Fleet:Scoring:TimeoutSeconds        Longest call. Default 60.
          Fleet:Scoring:MaxInFlight           Calls at a time. Default twice the processors, at most 16.
          Fleet:Ingest:CreditBytes            Audio that a device may have sent and not yet seen answered. Default 4194304.
          Fleet:Ingest:MaxUtteranceBytes      Longest utterance. Default 2097152 (65 s).
          Fleet:Ingest:MaxTotalAudioBytes     Audio that the silo holds for all devices. Default 536870912.
          Fleet:Ingest:HeartbeatIntervalMs    Default 15000; a device that is silent for three times as long is let go.
          Fleet:Silo:Name                     Name in logs and leases. Default host name and process id.
          Fleet:Silo:DrainSeconds             Time that devices have to finish at a stop. Default 5.
          Logging:LogLevel:Fleet              Trace, Debug, Information, Warning, Error. Default Information.

        SIGTERM and SIGINT stop it gracefully: what was received is committed and acked, the rest is given back. Exit codes: 0 stopped, 1 could not start or
        had to stop (the last lines say why).
        """;
}
