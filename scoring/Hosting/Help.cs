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
                                              missing. Required, but for TrustPlatformKeys.
          Fleet:ScoringServer:TrustPlatformKeys
                                              true: asks for no key; only where nothing but a platform
                                              that checks keys itself (an Azure ML endpoint) can reach
                                              the port. Default false.
          Fleet:ScoringServer:Listen          ADDRESS:PORT. Default 127.0.0.1:5001.
          Fleet:ScoringServer:Engine          What recognises speech: pocketsphinx, or wav2vec2 (a CTC
                                              model in ONNX: docs/models.md). Default pocketsphinx.
          Fleet:ScoringServer:ModelFolder     Folder of the engine's model. Default for pocketsphinx
                                              /usr/share/pocketsphinx/model/en-us, for wav2vec2
                                              AZUREML_MODEL_DIR, which Azure ML sets.
          Fleet:ScoringServer:Workers         Recordings (wav2vec2: batches) at a time, 1 to 256, each a
                                              thread; decoders of pocketsphinx take about 100 MB each.
                                              Default: one for each core.
          Fleet:ScoringServer:Threads         wav2vec2: how many compute one batch, 1 to 256 times a
                                              worker. Default 1.
          Fleet:ScoringServer:MaxBatch        wav2vec2: most recordings in a batch, 1 to 64. Default 8.
          Fleet:ScoringServer:MaxBatchSeconds wav2vec2: most audio in a batch of several recordings, 1 to
                                              600 seconds. Default 30.
          Fleet:ScoringServer:BucketMilliseconds
                                              wav2vec2: recordings are padded to a multiple of it, 0 to
                                              10000 milliseconds; those of one length share a batch.
                                              Default 200.
          Fleet:ScoringServer:BeamWidth       wav2vec2: readings followed, 1 to 100 at all times. Default
                                              1: the best letter of each frame, no alternatives.
          Fleet:ScoringServer:AttentionMask   wav2vec2, models with such an input: true, false. Default:
                                              as preprocessor_config.json of the model says.
          Fleet:ScoringServer:Alternatives    Other texts in the answer to "inputs", 0 to 10 of the
                                              recordings' next best. Default 3.
          Fleet:ScoringServer:QueueLength     Requests that may wait before one is answered 429, 0 to
                                              10000. Default 64.
          Fleet:ScoringServer:MaxBodyBytes    Largest request, 1000 to 256000000 bytes. Default 24000000.
          Fleet:ScoringServer:MaxItems        Most recordings in one request, 1 to 1000. Default 32.
          Fleet:ScoringServer:MaxSecondsPerItem
                                              Longest recording, 1 to 600 seconds. Default 75.
          Fleet:ScoringServer:BodyTimeoutSeconds
                                              Longest time for a body to arrive, 1 to 600 seconds. Default
                                              60.
          Fleet:ScoringServer:RequestTimeoutSeconds
                                              Longest time for waiting and recognising, 1 to 600 seconds;
                                              then 504. Default 55.
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
          GET /ready   200 when the decoders are loaded and warm
          GET /swagger.json   OpenAPI 3

        Example
          dotnet Fleet.Scoring.dll --Fleet:ScoringServer:KeyFile=/etc/fleet/scoring.key

        SIGTERM and SIGINT stop it when running requests are answered. Exit codes: 0 stopped, 1 could not
        start (the last line says why). More: docs/operations.md
        """;
}
