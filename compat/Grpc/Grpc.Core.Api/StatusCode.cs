namespace Grpc.Core;

/// <summary>Result codes of a call, with the numbers that travel in <c>grpc-status</c>.</summary>
public enum StatusCode
{
    /// <summary>Done.</summary>
    OK = 0,

    /// <summary>Cancelled, as a rule by the caller.</summary>
    Cancelled = 1,

    /// <summary>An error that nothing more is known about.</summary>
    Unknown = 2,

    /// <summary>The arguments can never be accepted, whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call was done.</summary>
    DeadlineExceeded = 4,

    /// <summary>The thing asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>The thing to be made exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota or a size limit is used up.</summary>
    ResourceExhausted = 8,

    /// <summary>The state of the system does not allow the operation.</summary>
    FailedPrecondition = 9,

    /// <summary>Ended because of a conflict with something concurrent.</summary>
    Aborted = 10,

    /// <summary>Past the end of what is valid.</summary>
    OutOfRange = 11,

    /// <summary>Not implemented or not enabled.</summary>
    Unimplemented = 12,

    /// <summary>Something that must hold does not.</summary>
    Internal = 13,

    /// <summary>Not available at the moment; trying again later may help.</summary>
    Unavailable = 14,

    /// <summary>Data are lost or damaged beyond repair.</summary>
    DataLoss = 15,

    /// <summary>The caller showed no valid credential.</summary>
    Unauthenticated = 16,
}
