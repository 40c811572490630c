namespace Fleet.Scoring.Hosting;

/// <summary>What --help says. A test compares it with the class of options.</summary>
internal static class Help
{
    public const string Text =
        """
        Fleet.Scoring: turns speech into text behind POST /score, as an Azure ML online endpoint does.

        Usage: dotnet Fleet.Scoring.dll [--KEY=VALUE]…
               dotnet Fleet.Scoring.dll --health [--KEY=VALUE]…
                 asks the server with these settings whether it is ready: exit code 0 yes, 1 no

        Keys are given as arguments (--Fleet:ScoringServer:Workers=2), as environment variables
        (Fleet__ScoringServer__Workers), or in appsettings.json beside the program.

        Keys
          Fleet:ScoringServer:KeyFile         File with the callers' key; made with mode 600 when it is
                                              missing. Required.
          Fleet:ScoringServer:Listen          ADDRESS:PORT. Default 127.0.0.1:5001.
          Fleet:ScoringServer:Engine          What recognises speech: pocketsphinx. Default pocketsphinx.
          Fleet:ScoringServer:ModelFolder     Folder of the engine's model. Default
                                              /usr/share/pocketsphinx/model/en-us.
          Fleet:ScoringServer:Workers         Decoders, each a thread and about 100 MB, 1 to 256. Default:
                                              one for each core.
          Fleet:ScoringServer:QueueLength     Requests that may wait before one is answered 429, 0 to
                                              10000. Default 64.
          Fleet:ScoringServer:MaxBodyBytes    Largest request, 1000 to 256000000 bytes. Default 24000000.
          Fleet:ScoringServer:MaxItems        Most recordings in one request, 1 to 1000. Default 32.
          Fleet:ScoringServer:MaxSecondsPerItem
                                              Longest recording, 1 to 600 seconds. Default 75.
          Fleet:ScoringServer:BodyTimeoutSeconds
                                              Longest time for a body to arrive, 1 to 600 seconds. Default
                                              60.
          Fleet:ScoringServer:StopTimeoutSeconds
                                              How long a stop waits for running requests, 1 to 600
                                              seconds. Default 30.

        Logs
          Logging:LogLevel:Fleet              Trace, Debug, Information, Warning, Error. Default
                                              Information.
          Logging:Console:FormatterName       simple: lines for people; json: an object a line. Default
                                              simple.

        Requests (Authorization: Bearer KEY)
          POST /score  {"data":[samples]}            -> {"result":"text"}
          POST /score  {"data":[[samples],[…]]}      -> {"result":["text","text"]}
          POST /score  {"inputs":[{"id":"a","sample_rate":16000,"audio":"base64 PCM16LE"}]}
                                                     -> {"results":[{"id":"a","text":"…"}]}
          GET /        alive
          GET /ready   200 when the decoders are loaded

        Example
          dotnet Fleet.Scoring.dll --Fleet:ScoringServer:KeyFile=/etc/fleet/scoring.key

        SIGTERM and SIGINT stop it when running requests are answered. Exit codes: 0 stopped, 1 could not
        start (the last line says why). More: docs/operations.md
        """;
}
