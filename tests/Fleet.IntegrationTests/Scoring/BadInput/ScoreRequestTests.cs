using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Fleet.IntegrationTests.Audio;

namespace Fleet.IntegrationTests.Scoring.BadInput;

/// <summary>Requests that are wrong around their body: method, headers, key, length, speed.</summary>
public sealed class ScoreRequestTests(StrictScoringServer server) : IClassFixture<StrictScoringServer>
{
    [SpeechFact]
    public async Task Key_MissingOrWrong_Is401()
    {
        foreach (var key in (string[])["", "wrong", new string('k', 10_000)])
        {
            using var client = new HttpClient { BaseAddress = server.Address };
            client.DefaultRequestHeaders.Authorization = key.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", key);

            using var response = await client.PostAsync("/score", new StringContent(ScoreBodies.Good));

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await StrictScoringServer.ErrorAsync(response)).ShouldBe(
                "The key is missing or wrong: send 'Authorization: Bearer KEY' with the key of this server.");
        }

        await server.OthersAreServedAsync();
    }

    [SpeechFact]
    public async Task Method_GetOrPut_Is405()
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete])
        {
            using var request = new HttpRequestMessage(method, "/score");
            using var response = await server.Client.SendAsync(request);

            response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
            response.Content.Headers.Allow.ShouldContain("POST");
            (await StrictScoringServer.ErrorAsync(response)).ShouldBe("/score does not take this method: this server has GET /, GET /ready, GET /swagger.json and POST /score.");
        }
    }

    [SpeechFact]
    public async Task ContentType_OfAFile_Is415()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[100]), "file", "speech.wav" } };
        using var multipart = await server.PostAsync(form);
        using var wav = await server.PostAsync(new ByteArrayContent(new byte[100]) { Headers = { ContentType = new MediaTypeHeaderValue("audio/wav") } });

        multipart.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        wav.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await StrictScoringServer.ErrorAsync(wav)).ShouldBe("The body is not JSON by its Content-Type: send application/json, with the audio in base64.");
    }

    [SpeechFact]
    public async Task Body_Gzip_IsTaken()
    {
        using var response = await server.PostAsync(Encoded("gzip", Gzip(Encoding.UTF8.GetBytes(ScoreBodies.Good))));

        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"results":[{"id":"a","text":""}]}""");
    }

    [SpeechFact]
    public async Task Body_GzipBomb_Is413()
    {
        var bomb = Gzip(new byte[100_000_000]);
        bomb.Length.ShouldBeLessThan(1_000_000);

        using var response = await server.PostAsync(Encoded("gzip", bomb));

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await StrictScoringServer.ErrorAsync(response)).ShouldStartWith("The body is larger than 24000000 bytes");
        await server.OthersAreServedAsync();
    }

    [SpeechFact]
    public async Task Body_NotAsItsEncodingSays_IsRefused()
    {
        using var notGzip = await server.PostAsync(Encoded("gzip", Encoding.UTF8.GetBytes(ScoreBodies.Good)));
        using var brotli = await server.PostAsync(Encoded("br", [1, 2, 3]));

        notGzip.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await StrictScoringServer.ErrorAsync(notGzip)).ShouldBe("The body is not gzip, as its Content-Encoding says: send it plain, or compress all of it.");
        brotli.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await StrictScoringServer.ErrorAsync(brotli)).ShouldBe("The Content-Encoding 'br' is not understood: send the body plain or as gzip.");
    }

    [SpeechFact]
    public async Task Body_Endless_Is413()
    {
        using var socket = await ConnectAsync("Transfer-Encoding: chunked");
        var answer = ReadAllAsync(socket);
        var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string('[', 0x10000)}\r\n");

        await SendUntilAsync(answer, () => socket.SendAsync(chunk));

        (await answer).ShouldStartWith("HTTP/1.1 413 ");
        (await answer).ShouldContain("The body is larger than 24000000 bytes");
        await server.OthersAreServedAsync();
    }

    [SpeechFact]
    public async Task Body_ThatDrips_Is408AndOthersAreServed()
    {
        // Two are slower than Kestrel allows (one of them announced more than it has), the third is fast enough for it and would take hours.
        var answers = Task.WhenAll(
            DripAsync(bytes: 0, TimeSpan.FromMilliseconds(100)),
            DripAsync(bytes: 1, TimeSpan.FromMilliseconds(100)),
            DripAsync(bytes: 100, TimeSpan.FromMilliseconds(50)));
        await server.OthersAreServedAsync();

        foreach (var answer in await answers)
        {
            answer.ShouldStartWith("HTTP/1.1 408 ");
            answer.ShouldContain("\"error\":");
        }

        (await answers)[2].ShouldContain("The body was not complete after 5 s: send it faster, or fewer recordings at a time.");
    }

    [SpeechFact]
    public async Task Connection_CutInTheMiddleOfABody_IsClosedAndOthersAreServed()
    {
        using var socket = await ConnectAsync("Content-Length: 1000");
        await socket.SendAsync(Encoding.ASCII.GetBytes("""{"data":[1]}"""));
        socket.Shutdown(SocketShutdown.Send);

        // Nobody is left to be told; what counts is that it ends, and gives its place in the queue back.
        (await ReadAllAsync(socket)).ShouldNotContain("200 OK");
        await server.OthersAreServedAsync();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static ByteArrayContent Encoded(string encoding, byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { encoding } } };

    private async Task<string> DripAsync(int bytes, TimeSpan pause)
    {
        using var socket = await ConnectAsync("Content-Length: 20000000");
        var answer = ReadAllAsync(socket);
        using var timer = new PeriodicTimer(pause);
        await SendUntilAsync(answer, async () =>
        {
            await timer.WaitForNextTickAsync();
            await socket.SendAsync(new byte[bytes]);
        });
        return await answer;
    }

    private static async Task SendUntilAsync(Task answer, Func<Task> sendAsync)
    {
        try
        {
            while (!answer.IsCompleted)
            {
                await sendAsync();
            }
        }
        catch (SocketException)
        {
            // Closed from the other side: the answer is there.
        }
    }

    private async Task<Socket> ConnectAsync(string lengthHeader)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /score HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer {server.Key}\r\nContent-Type: application/json\r\n{lengthHeader}\r\n\r\n"));
        return socket;
    }

    private static async Task<string> ReadAllAsync(Socket socket)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        var text = new StringBuilder();
        var buffer = new byte[4_096];
        try
        {
            while (await socket.ReceiveAsync(buffer, late.Token) is > 0 and var read)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // A reset after the answer, since we were still sending.
        }

        return text.ToString();
    }
}
