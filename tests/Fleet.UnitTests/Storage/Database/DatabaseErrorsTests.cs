using System.Net.Sockets;
using System.Text;
using Fleet.Storage;
using Npgsql;

namespace Fleet.UnitTests.Storage.Database;

public sealed class DatabaseErrorsTests
{
    [Theory]
    [InlineData("22021")] // U+0000 in text
    [InlineData("23514")] // check constraint
    [InlineData("54000")] // too long for a tsvector
    public void Classify_StatesAboutTheRow_AreData(string sqlState)
    {
        DatabaseErrors.IsAboutData(Error(sqlState)).ShouldBeTrue();
        DatabaseErrors.IsUnavailable(Error(sqlState)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("53000")] // resources
    [InlineData("53100")] // disk full
    [InlineData("53200")] // out of memory
    [InlineData("53300")] // too many connections
    [InlineData("57P01")] // shut down by an administrator
    [InlineData("57P02")] // another backend crashed
    [InlineData("57P03")] // starting up
    [InlineData("57P04")] // the database was dropped
    [InlineData("57P05")] // idle for too long
    [InlineData("57014")] // statement time-out
    [InlineData("40001")] // serialization failure
    [InlineData("40P01")] // deadlock
    [InlineData("55P03")] // lock time-out
    [InlineData("25006")] // a replica, after a failover
    [InlineData("28P01")] // the password is being changed
    [InlineData("08000")] // connection
    [InlineData("08001")] // connection
    [InlineData("08003")] // connection
    [InlineData("08004")] // connection
    [InlineData("08006")] // connection
    [InlineData("08007")] // a commit whose end is not known
    [InlineData("08P01")] // protocol, by a proxy
    [InlineData("40003")] // a statement whose end is not known
    [InlineData("XX000")] // an error of the server itself, such as a page that cannot be read
    [InlineData("XX001")] // damaged data
    [InlineData("58030")] // I/O
    public void Classify_StatesOfTheMoment_AreUnavailable(string sqlState)
    {
        DatabaseErrors.IsUnavailable(Error(sqlState)).ShouldBeTrue();
        DatabaseErrors.IsAboutData(Error(sqlState)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("42P01")] // no such table
    [InlineData("42501")] // no privilege
    [InlineData("42601")] // syntax
    public void Classify_Mistakes_AreNeither(string sqlState)
    {
        DatabaseErrors.IsUnavailable(Error(sqlState)).ShouldBeFalse();
        DatabaseErrors.IsAboutData(Error(sqlState)).ShouldBeFalse();
    }

    [Fact]
    public void Classify_WhatNpgsqlThrows_IsToldByItsCause()
    {
        DatabaseErrors.IsUnavailable(new NpgsqlException("Failed to connect", new SocketException(111))).ShouldBeTrue();
        DatabaseErrors.IsUnavailable(new NpgsqlException("Exception while reading", new IOException("reset", new SocketException(104)))).ShouldBeTrue();
        DatabaseErrors.IsUnavailable(new IOException("Unable to write")).ShouldBeTrue();
        DatabaseErrors.IsUnavailable(new NpgsqlException("The connection pool has been exhausted", new TimeoutException())).ShouldBeTrue();
        DatabaseErrors.IsUnavailable(new NpgsqlException("Exception while writing", new EncoderFallbackException())).ShouldBeFalse();
        DatabaseErrors.IsAboutData(new NpgsqlException("Exception while writing", new EncoderFallbackException())).ShouldBeTrue();
        DatabaseErrors.IsUnavailable(new InvalidOperationException()).ShouldBeFalse();
        DatabaseErrors.IsUnavailable(new ObjectDisposedException("connection")).ShouldBeFalse();
    }

    private static PostgresException Error(string sqlState) => new("message", "ERROR", "ERROR", sqlState);
}
