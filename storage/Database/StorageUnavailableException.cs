namespace Fleet.Storage;

/// <summary>
/// The database cannot do it at the moment: no connection, shutting down, out of connections, disk full, a deadlock or a serialization
/// failure, a time-out, a credential that it does not take. Nothing is wrong with the data: hold it and try again, with back-off. What was
/// to be written may have been written all the same (the connection broke during the commit); writing it again is harmless.
/// </summary>
public sealed class StorageUnavailableException(string message, Exception innerException) : Exception(message, innerException);
