using System.Globalization;

namespace Fleet.Silo.Transcription;

/// <summary>What each status of an Azure ML online endpoint means for its caller, in one place.</summary>
internal static class CallRules
{
    /// <summary>Longer is not waited for within a call: its utterances go back to the others.</summary>
    public static readonly TimeSpan LongestInCallWait = TimeSpan.FromSeconds(5);

    private const int BadGateway = 502;

    /// <summary>The fault that a status stands for.</summary>
    /// <param name="status">Of the answer, not 200.</param>
    /// <param name="innerStatus">With 424: what the container answered (ms-azureml-model-error-statuscode); 0 = it is not said.</param>
    public static CallFault Judge(int status, int innerStatus) => status switch
    {
        401 or 403 => CallFault.Credential,
        404 => CallFault.Misrouted,
        408 or 504 => CallFault.TimedOut,
        413 => CallFault.TooLarge,
        429 => CallFault.Busy,
        503 => CallFault.Unavailable,
        424 => innerStatus switch
        {
            408 or 504 => CallFault.TimedOut,
            413 => CallFault.TooLarge,
            429 => CallFault.Busy,
            503 => CallFault.Unavailable,
            >= 400 and < 500 => CallFault.Refused,
            _ => CallFault.Failed,
        },
        // The platform is at work on the deployment.
        409 => CallFault.Unavailable,
        > 200 and < 300 => CallFault.Failed,
        >= 500 => CallFault.Failed,
        >= 400 => CallFault.Refused,
        // A redirect is not followed: it would carry speech and key to an address that nobody has set.
        _ => CallFault.Misrouted,
    };

    /// <summary>How often the same call may be made again at once, if the budget has it.</summary>
    public static int Repeats(CallResult result) => result.Whole.RetryAfter > LongestInCallWait
        ? 0
        : result.Fault switch
        {
            CallFault.Busy or CallFault.Unavailable => 2,
            // It broke at something: perhaps at one of these utterances.
            CallFault.Failed => result.Status is 0 or BadGateway or 424 ? 1 : result.Status >= 500 ? 2 : 0,
            // Its work may still be going on: the same again would only add to it.
            _ => 0,
        };

    public static bool IsOverload(CallFault fault) => fault is CallFault.Busy or CallFault.Unavailable or CallFault.TimedOut;

    /// <summary>Nothing is wrong with the utterances, and calling on would change nothing.</summary>
    public static bool IsAway(CallFault fault) => fault is CallFault.Busy or CallFault.Unreachable or CallFault.Credential or CallFault.Misrouted;

    public static int InnerStatus(string header) =>
        int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;
}
