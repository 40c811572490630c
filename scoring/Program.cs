using Fleet.Audio;
using Fleet.Scoring.Hosting;
using Microsoft.Extensions.Options;

if (args is ["--help" or "-h" or "help", ..])
{
    Console.WriteLine(
        """
        Fleet.Scoring: turns speech into text behind POST /score, as an Azure ML online endpoint does.

        Settings (environment, or arguments such as --Fleet:ScoringServer:Workers=2):
          Fleet__ScoringServer__KeyFile             file with the callers' key; made with mode 600 when missing. Required.
          Fleet__ScoringServer__Listen              address and port                            (127.0.0.1:5001)
          Fleet__ScoringServer__Engine              pocketsphinx                                (pocketsphinx)
          Fleet__ScoringServer__ModelFolder         folder of the engine's model                (/usr/share/pocketsphinx/model/en-us)
          Fleet__ScoringServer__Workers             decoders, about 100 MB each                 (number of cores)
          Fleet__ScoringServer__QueueLength         requests that may wait before 429           (64)
          Fleet__ScoringServer__MaxBodyBytes        largest request body, bytes                 (24000000)
          Fleet__ScoringServer__MaxItems            recordings in one request                   (32)
          Fleet__ScoringServer__MaxSecondsPerItem   longest recording, seconds                  (75)
          Fleet__ScoringServer__BodyTimeoutSeconds  how long a body may take to arrive, seconds (60)
          Fleet__ScoringServer__StopTimeoutSeconds  how long a stop waits for running requests  (30)

        GET /  alive     GET /ready  200 when the decoders are loaded     POST /score  Authorization: Bearer KEY
          {"data":[samples]}                                                   -> {"result":"text"}
          {"data":[[samples],[samples]]}                                       -> {"result":["text","text"]}
          {"inputs":[{"id":"a","sample_rate":16000,"audio":"base64 PCM16LE"}]} -> {"results":[{"id":"a","text":"…","confidence":0.9}]}
        """);
    return 0;
}

try
{
    await using var app = await ScoringServer.StartAsync(args);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (OptionsValidationException ex)
{
    foreach (var failure in ex.Failures)
    {
        await Console.Error.WriteLineAsync(failure);
    }

    return 1;
}
catch (Exception ex) when (ex is RecogniserUnavailableException or IOException or InvalidDataException or InvalidOperationException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(ex.Message);
    return 1;
}
