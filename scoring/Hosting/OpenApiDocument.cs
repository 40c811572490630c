namespace Fleet.Scoring.Hosting;

/// <summary>What /swagger.json answers: the file swagger.json beside this one.</summary>
internal static class OpenApiDocument
{
    private const string Resource = "Fleet.Scoring.swagger.json";

    public static byte[] Read()
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The build left {Resource} out.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
