using Fleet.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Fleet.Dashboard.History;

/// <summary><c>GET /audio/{device}/{utterance}.wav</c>, with ranges, so that a player can seek.</summary>
internal static class AudioEndpoint
{
    public static void MapAudio(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/audio/{device}/{utterance:guid}.wav", [HttpMethods.Get, HttpMethods.Head], ReadAsync)
            .WithMetadata(new SkipStatusCodePagesAttribute());

    private static async Task<IResult> ReadAsync(string device, Guid utterance, AudioStore store, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(device, utterance, cancellationToken) is { } audio
                ? Results.Bytes(WavFile.Create(audio), "audio/wav", enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{utterance}\""))
                : Results.NotFound();
        }
        catch (StorageUnavailableException)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
