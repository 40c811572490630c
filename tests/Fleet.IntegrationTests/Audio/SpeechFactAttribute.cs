using Fleet.Audio;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Audio;

/// <summary>A test that needs PocketSphinx and its English model.</summary>
public sealed class SpeechFactAttribute : FactAttribute
{
    // Debian puts a library into one folder for each architecture.
    private static readonly Lazy<string?> _skipReason = new(static () => Requirement.SkipUnless(
        Directory.Exists(PocketSphinxDecoder.DefaultModelFolder)
            && Directory.EnumerateFiles("/usr/lib", "libpocketsphinx.so.3", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Any(),
        "PocketSphinx is missing: apt-get install -y libpocketsphinx3 pocketsphinx-en-us"));

    public SpeechFactAttribute()
    {
        Skip = _skipReason.Value;
    }
}
