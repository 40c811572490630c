namespace Fleet.Audio;

/// <summary>What is wrong with the sound itself, as far as its levels tell.</summary>
[Flags]
public enum InputFaults
{
    /// <summary>Nothing that levels can show.</summary>
    None = 0,

    /// <summary>No sound at all: a muted, dead or missing microphone. A quiet room is not silent: every converter makes some noise.</summary>
    Silent = 1,

    /// <summary>Too loud: the tops of the waves are cut off, and with them what tells words apart.</summary>
    Clipping = 2,

    /// <summary>The wave does not swing around zero: a converter or a cable at fault; it takes headroom.</summary>
    DcOffset = 4,

    /// <summary>Nothing but one value that is not zero: a converter that is stuck.</summary>
    Flat = 8,

    /// <summary>So soft that noise of the converter is among the words. Only for what is speech: a quiet room is no fault.</summary>
    Quiet = 16,
}
