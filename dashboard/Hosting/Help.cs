using Fleet.Storage;

namespace Fleet.Dashboard.Hosting;

/// <summary>What --help says. A test compares it with the classes of options.</summary>
internal static class Help
{
    public const string Text =
        $"""
        Fleet.Dashboard: transcripts live and as a history, in the browser.

        Usage: dotnet Fleet.Dashboard.dll [--KEY=VALUE]…
               dotnet Fleet.Dashboard.dll password --file FILE
                 makes a new random password for 'admin', writes its hash to FILE and prints it
               dotnet Fleet.Dashboard.dll --health [--KEY=VALUE]…
                 asks the dashboard with these settings whether it is ready: exit code 0 yes, 1 no

        Keys are given as arguments (--Fleet:Dashboard:Listen=127.0.0.1:8080), as environment variables
        (Fleet__Dashboard__Listen), or in appsettings.json beside the program.

        Keys
          Fleet:Dashboard:Listen              ADDRESS:PORT. Default 127.0.0.1:5080.
          Fleet:Dashboard:PasswordFile        File with the password's hash; a new file ends all sign-ins.
                                              Required.
          Fleet:Dashboard:KeysFolder          Folder of the keys that protect sign-ins. Required.
          Fleet:Dashboard:SessionHours        A sign-in ends after so long without a request, 1 to 720
                                              hours. Default 12.
          Fleet:Dashboard:CertificateFile     Certificate for HTTPS (PEM file). Needed off loopback, or
                                              else PrivateNetwork.
          Fleet:Dashboard:CertificateKeyFile  Its private key (PEM file).
          Fleet:Dashboard:PrivateNetwork      true: plain HTTP off loopback is wanted. Default false.
          Fleet:Dashboard:BehindProxy         true: trust X-Forwarded-* of a proxy on this machine.
                                              Default false.
          Fleet:Api:Address                   The silo's gRPC address. Default http://127.0.0.1:5100.
          Fleet:Api:KeyFile                   File with the API key.
          Fleet:Api:CaFile                    PEM file of the authority that signed the silo's certificate.
                                              Default: those that the system trusts.
          Fleet:Api:TimeoutMilliseconds       Longest wait for the silo, 100 to 30000 milliseconds.
                                              Default 1500.
          Fleet:Dashboard:Live:MaxViewers     Most live pages open, 1 to 100000 viewers. Default 1000.
          Fleet:Dashboard:Live:QueueLength    Changes that may wait for one viewer, 8 to 10000. Default
                                              256.
          Fleet:Dashboard:Live:ReplayLength   Changes kept for viewers that come back, 0 to 100000.
                                              Default 512.
          Fleet:Dashboard:Live:MaxCatchUp     A viewer that missed more changes loads the page again, 10
                                              to 10000. Default 500.
          Fleet:Dashboard:Live:HeartbeatSeconds
                                              How often an idle stream says that it is alive, 1 to 300
                                              seconds. Default 15.

        Database
          Fleet:Database:ConnectionString     Npgsql connection string, such as
                                              Host=127.0.0.1;Database=fleet;Username=fleet. A role that
                                              can only read is enough. Required.
        {DatabaseHelp.Connection}
          Fleet:Database:RetentionDays        How long utterances are kept, 0 (for ever) or 14 to 10000
                                              days: for the silo, not used here.
          Fleet:Database:ReconcileIntervalSeconds
                                              How often numbers are compared with rows, 1 to 3600
                                              seconds: for the silo, not used here.

        Logs
          Logging:LogLevel:Fleet              Trace, Debug, Information, Warning, Error. Default
                                              Information.
          Logging:Console:FormatterName       simple: lines for people; json: an object a line. Default
                                              simple.

        Example
          dotnet Fleet.Dashboard.dll password --file /etc/fleet/dashboard.hash
          Fleet__Database__PasswordFile=/etc/fleet/db dotnet Fleet.Dashboard.dll \
            "--Fleet:Database:ConnectionString=Host=db;Database=fleet;Username=fleet_dashboard" \
            --Fleet:Dashboard:PasswordFile=/etc/fleet/dashboard.hash \
            --Fleet:Dashboard:KeysFolder=/var/lib/fleet/keys --Fleet:Api:KeyFile=/etc/fleet/api.key

        It starts while the database or the silo is away, and recovers by itself.
        Health: GET /healthz/live, GET /healthz/ready.
        Exit codes: 0 stopped, 1 could not start (the last lines say why). More: docs/operations.md
        """;
}
