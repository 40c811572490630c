using Fleet.Storage;

namespace Fleet.Silo.Hosting;

/// <summary>What --help says. A test compares it with the classes of options.</summary>
internal static class Help
{
    public const string Text =
        $"""
        Fleet.Silo: takes utterances from devices, stores them, has them transcribed, and answers the
        fleet API.

        Usage: dotnet Fleet.Silo.dll [--KEY=VALUE]…
               dotnet Fleet.Silo.dll --health [--KEY=VALUE]…
                 asks the silo with these settings whether it is ready: exit code 0 yes, 1 no
               dotnet Fleet.Silo.dll --migrate [--KEY=VALUE]…
                 brings the database's schema to this version and ends

        Keys are given as arguments (--Fleet:Grpc:Listen=0.0.0.0:5100), as environment variables
        (Fleet__Grpc__Listen), or in appsettings.json beside the program.

        Devices and programs connect here
          Fleet:Grpc:Listen                   ADDRESS:PORT for gRPC (HTTP/2). Default 127.0.0.1:5100.
          Fleet:Grpc:CertificateFile          Certificate chain for TLS (PEM file). Needed off loopback,
                                              or else PrivateNetwork.
          Fleet:Grpc:CertificateKeyFile       Its private key (PEM file).
          Fleet:Grpc:PrivateNetwork           true: nobody else can listen on that network, plaintext is
                                              allowed. Default false.
          Fleet:Grpc:ReadBytes                Bytes that one read of a connection brings at most, 4096 to
                                              1048576. Default 32768.
          Fleet:Grpc:MaxConnections           Connections that are open at a time, 1 to 1000000; more are
                                              closed at once. Default 20000.
          Fleet:Credentials:JoinKeyFile       File of the devices' key; made with mode 600 when it is
                                              missing. Required.
          Fleet:Credentials:ApiKeyFile        File of the fleet API's key; made likewise. Required.
          Fleet:Http:Listen                   ADDRESS:PORT of /healthz/live and /healthz/ready. Default
                                              127.0.0.1:5101.

        Database
          Fleet:Database:ConnectionString     Npgsql connection string, such as
                                              Host=127.0.0.1;Database=fleet;Username=fleet. Required.
        {DatabaseHelp.Connection}
          Fleet:Database:RetentionDays        How long utterances are kept, in days: 0 (for ever), or 14 to
                                              10000. Default 0.
          Fleet:Database:ReconcileIntervalSeconds
                                              How often the devices' numbers are compared with the rows,
                                              1 to 3600 seconds. Default 15.

        Speech to text
          Fleet:Scoring:Endpoint              Address of the endpoint. Default
                                              http://127.0.0.1:5001/score.
          Fleet:Scoring:KeyFile               File of its key; read again when the endpoint answers 401.
          Fleet:Scoring:SecondaryKeyFile      File of its second key, taken when the first one is refused.
          Fleet:Scoring:Auth                  key, or entra: tokens of Microsoft Entra ID. Default key.
          Fleet:Scoring:TenantId              With entra: directory of the application.
          Fleet:Scoring:ClientId              With entra: the application, or the managed identity.
          Fleet:Scoring:ClientSecretFile      With entra: file of the application's secret; without it the
                                              machine's own identity is taken.
          Fleet:Scoring:Deployment            Sent as azureml-model-deployment. Default: none, the endpoint
                                              decides.
          Fleet:Scoring:Deployments           Several endpoints or deployments, each with a
                                              Deployments:0:Name; they share utterances by Weight (0 to
                                              1000, default 100; 0 only stands in for others). Further
                                              keys, where they differ: Deployment, Endpoint, KeyFile,
                                              SecondaryKeyFile, Auth, Format, Compression,
                                              Instances, MaxConcurrentRequestsPerInstance.
          Fleet:Scoring:Format                batch (our scoring server), list (lists of numbers) or single
                                              (the tutorial's body). Default batch.
          Fleet:Scoring:Compression           Bodies as gzip: auto (where the endpoint's answers say by
                                              Accept-Encoding that it takes them), off or gzip (always).
                                              Default auto.
          Fleet:Scoring:TimeoutSeconds        Longest call, 1 to 600 seconds: a second more than the
                                              endpoint's own limit. Default 60.
          Fleet:Scoring:MaxInFlight           Calls at a time at the most, 1 to 256; how many there are is
                                              learned. Default 32.
          Fleet:Scoring:MaxConcurrentRequestsPerInstance
                                              The deployment's setting of this name, 0 to 1000 requests:
                                              calls are never more than twice this times Instances. Default
                                              0, not known.
          Fleet:Scoring:Instances             Its instances, shared out among the silos, 0 to 1000.
                                              Default 0, not known.
          Fleet:Scoring:BatchMaxUtterances    Most utterances in a call, 1 to 1024. Default 32.
          Fleet:Scoring:BatchMaxAudioSeconds  Most audio in a call of several, 1 to 3600 seconds. Default
                                              120.
          Fleet:Scoring:BatchMaxBytes         Most bytes of the body of a call of several, 65536 to
                                              268435456; 2000000 at first. Default 8000000.
          Fleet:Scoring:BatchMaxAgeMs         The oldest that waits leaves after so long though the endpoint
                                              is busy, 1 to 60000 ms. Default 2000.
          Fleet:Scoring:LiveSeconds           Speech goes first for so long, 1 to 3600 seconds. Default 15.
          Fleet:Scoring:BacklogPercent        Calls that begin with the oldest of the rest, 0 to 100 percent
                                              of the calls. Default 25.
          Fleet:Scoring:RetryPercent          Extra calls after failures, 0 to 100 percent of the calls.
                                              Default 10.
          Fleet:Scoring:QueueUtterances       Utterances that wait with their audio in memory, 1 to 65536;
                                              what is beyond waits in the database. Default 256.
          Fleet:Scoring:MaxAttempts           Times that a working endpoint may fail at an utterance
                                              before it ends as failed, 1 to 100. Default 5.
          Fleet:Scoring:GiveUpAfterSeconds    An utterance is tried at least so long before that, 0 to
                                              86400 seconds. Default 300.
          Fleet:Scoring:MaxBackOffMs          Longest pause while the endpoint is away, 50 to 600000 ms.
                                              Default 10000.
          Fleet:Scoring:SweepIntervalMs       Time between two looks for utterances that nobody works on,
                                              100 to 3600000 ms. Default 10000.

        History through another deployment (fleet-cli retranscribe)
          Fleet:Retranscription:MaxUtterances Most utterances of a run, 1 to 1000000; a filter that finds
                                              more is refused. Default 100000.
          Fleet:Retranscription:MaxInFlight   Utterances of a run whose audio is in memory at a time, 1 to
                                              64. Default 4.
          Fleet:Retranscription:PollIntervalMs
                                              Time between two looks for runs that nobody works on, 100 to
                                              60000 ms. Default 2000.

        What devices may send
          Fleet:Ingest:CreditBytes            Bytes of audio that a device may have sent and not yet seen
                                              answered, 65536 to 268435456. Default 4194304 (131 s).
          Fleet:Ingest:MaxUtteranceBytes      Longest utterance, 32000 to 67108864 bytes. Default 2097152
                                              (65 s).
          Fleet:Ingest:MaxTotalAudioBytes     Bytes of audio that the silo holds for all devices, from
                                              1048576. Default 536870912.
          Fleet:Ingest:HeartbeatIntervalMs    Time between two heartbeats, 100 to 300000 ms; a device that
                                              is silent for three times as long is let go. Default 15000.
          Fleet:Ingest:HelloTimeoutMs         Longest wait for the first message, 100 to 60000 ms. Default
                                              10000.
          Fleet:Ingest:TranscriptWaitSeconds  How long a half-closed session waits for its transcripts, 0
                                              to 600 seconds. Default 30.
          Fleet:Ingest:OutboxMessages         Messages that wait for a device that does not read, 16 to
                                              65536. Default 1024.
          Fleet:Ingest:CommitMaxUtterances    Most utterances in one transaction, 1 to 1024. Default 64.
          Fleet:Ingest:CommitMaxBytes         Most bytes of audio in one transaction, 65536 to 268435456.
                                              Default 8388608.
          Fleet:Ingest:CommitMaxAgeMs         How long the oldest of a group waits for company, while groups
                                              have more than one, 0 to 1000 ms. Default 0.
          Fleet:Ingest:CommitQueueUtterances  Most utterances that wait for their commit, 16 to 1000000.
                                              Default 8192.
          Fleet:Ingest:ParkSeconds            How long the first part of an utterance is kept when its
                                              session breaks, 0 to 3600 seconds. Default 120.
          Fleet:Ingest:ControlMessagesPerMinute
                                              Messages without audio that a session may send in a minute,
                                              120 to 1000000. Default 6000.

        The silo itself
          Fleet:Runtime                       What runs the device actors: embedded (this process alone), or
                                              orleans (silos that share a database). Default embedded.
          Fleet:Silo:Name                     Name in logs and leases, at most 64 characters. Default host
                                              name and process id.
          Fleet:Silo:LockWaitSeconds          Wait for another silo to let go of the database, 0 to 300
                                              seconds. Default 5.
          Fleet:Silo:LockCheckMs              Time between two looks at that lock, 100 to 60000 ms.
                                              Default 2000.
          Fleet:Silo:DrainSeconds             Time that devices have to finish at a stop, 0 to 300
                                              seconds. Default 5.
          Fleet:Silo:FlushSeconds             Time for commits and calls to end at a stop, 1 to 300
                                              seconds. Default 10.
          Fleet:Silo:ReconnectJitterMs        Devices spread their reconnects over so long, 0 to 600000
                                              ms. Default 2000.
          Fleet:Silo:PresenceSeconds          Time between two writes of when devices were last seen, 1 to
                                              3600 seconds. Default 30.
          Fleet:Devices:IdleMinutes           The actor of a device without a session is let go after so
                                              long, 1 to 1440 minutes. Default 15.

        The cluster, with Fleet:Runtime=orleans
          Fleet:Orleans:ClusterId             Silos with the same id are one cluster. Default fleet.
          Fleet:Orleans:ServiceId             Stays the same whatever cluster runs it. Default fleet.
          Fleet:Orleans:AdvertisedAddress     Where other silos reach this one, and where it listens: an IP
                                              address, a host name, or auto. Default 127.0.0.1.
          Fleet:Orleans:PrivateNetwork        true: only silos and their clients are on that network; the
                                              ports know no credential. Needed off loopback. Default false.
          Fleet:Orleans:SiloPort              Port for other silos. Default 11111.
          Fleet:Orleans:SiloListenPort        Where it listens, when a mapping stands before that.
                                              Default 0: SiloPort.
          Fleet:Orleans:GatewayPort           Port for clients of the cluster, 0 for none. Default 30000.
          Fleet:Orleans:ProbeTimeoutMs        Time between two probes of another silo, 100 to 60000 ms.
                                              Default 500.
          Fleet:Orleans:MissedProbes          Missed probes that make it suspect, 1 to 100. Default 2.
          Fleet:Orleans:DeathVotes            Silos that must suspect one until it is dead, 1 to 10.
                                              Default 1.
          Fleet:Orleans:TableRefreshMs        Time between two reads of the members, 500 to 600000 ms.
                                              Default 2000.
          Fleet:Orleans:AliveIntervalMs       Time between two signs of life in the database, 500 to
                                              600000 ms. Default 5000.
          Fleet:Orleans:JoinTimeoutSeconds    Joining is begun anew after so long, 5 to 3600 seconds.
                                              Default 60.
          Fleet:Orleans:ResponseTimeoutMs     Longest call of an actor, 500 to 60000 ms. Default 5000.
          Fleet:Orleans:RetryMs               A call whose silo is gone is tried again for so long, 0 to
                                              60000 ms. Default 5000.
          Fleet:Orleans:DownlinkTimeoutMs     Longest wait of an actor for the silo of its device's stream,
                                              50 to 60000 ms. Default 1000.

        Logs
          Logging:LogLevel:Fleet              Trace, Debug, Information, Warning, Error. Default
                                              Information.
          Logging:Console:FormatterName       simple: lines for people; json: an object a line. Default
                                              simple.

        Example
          Fleet__Database__PasswordFile=/etc/fleet/db dotnet Fleet.Silo.dll \
            "--Fleet:Database:ConnectionString=Host=db;Database=fleet;Username=fleet" \
            --Fleet:Credentials:JoinKeyFile=/etc/fleet/join.key \
            --Fleet:Credentials:ApiKeyFile=/etc/fleet/api.key

        SIGTERM and SIGINT stop it gracefully: what was received is committed and acknowledged, the
        rest is given back. Exit codes: 0 stopped, 1 could not start or had to stop (the last lines say
        why). More: docs/operations.md
        """;
}
