using Fleet.Cli.Api;

namespace Fleet.Cli.Watch;

/// <summary>Keeps the token of the last change in a file, which is replaced as a whole.</summary>
internal sealed class ResumeFile(string path)
{
    /// <summary>Empty when there is none yet.</summary>
    public string Read()
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The resume file {path} cannot be read: {exception.Message}");
        }
    }

    public void Write(string token)
    {
        try
        {
            var part = path + ".part";
            File.WriteAllText(part, token + "\n");
            File.Move(part, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The resume file {path} cannot be written: {exception.Message}");
        }
    }
}
