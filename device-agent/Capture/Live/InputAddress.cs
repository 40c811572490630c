using System.Diagnostics.CodeAnalysis;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>Where live sound comes from: an ALSA device, or standard input.</summary>
internal sealed record InputAddress
{
    private const string AlsaPrefix = "alsa:";
    private const int MaxDeviceLength = 128;

    private InputAddress(string text, string? alsaDevice) => (Text, AlsaDevice) = (text, alsaDevice);

    /// <summary>As it was given; what history shows as the source.</summary>
    public string Text { get; }

    /// <summary>The name that <c>arecord -D</c> takes; null for standard input.</summary>
    public string? AlsaDevice { get; }

    /// <param name="text"><c>alsa:DEVICE</c> or <c>stdin</c>.</param>
    /// <param name="address">The address, when it is one.</param>
    /// <param name="problem">Otherwise: what is wrong with it, and what is right.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out InputAddress? address, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        problem = null;
        if (text == "stdin")
        {
            address = new InputAddress(text, null);
        }
        else if (!text.StartsWith(AlsaPrefix, StringComparison.Ordinal))
        {
            problem = $"--input '{text}' is not an input: give alsa:DEVICE (such as alsa:default; list devices with: arecord -L) or stdin.";
        }
        else if (!IsDeviceName(text.AsSpan(AlsaPrefix.Length)))
        {
            problem =
                $"--input '{text}' does not name an ALSA device: after 'alsa:' 1 to {MaxDeviceLength} letters, digits and : = , . _ + -, " +
                "the first a letter or digit, such as default, plughw:1,0 or sysdefault:CARD=Device. List devices with: arecord -L";
        }
        else
        {
            address = new InputAddress(text, text[AlsaPrefix.Length..]);
        }

        return address is not null;
    }

    // ALSA also takes whole configurations as a name, and those can start programs: only plain names pass.
    private static bool IsDeviceName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxDeviceLength || !char.IsAsciiLetterOrDigit(name[0]))
        {
            return false;
        }

        foreach (var character in name)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !":=,._+-".Contains(character, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}
