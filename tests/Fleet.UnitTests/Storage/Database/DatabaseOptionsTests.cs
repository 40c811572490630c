using Fleet.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Fleet.UnitTests.Storage.Database;

public sealed class DatabaseOptionsTests
{
    [Theory]
    [InlineData("ConnectionString", "", "Fleet__Database__ConnectionString")]
    [InlineData("ConnectionString", "Nonsense=1", "Fleet:Database:ConnectionString")]
    [InlineData("ConnectionString", "Username=fleet", "Host=")]
    [InlineData("PasswordFile", "/does/not/exist", "/does/not/exist")]
    [InlineData("PoolSize", "1", "PoolSize must be 2 to 1000")]
    [InlineData("PoolSize", "1001", "PoolSize must be 2 to 1000")]
    [InlineData("ConnectTimeoutSeconds", "0", "ConnectTimeoutSeconds")]
    [InlineData("CommandTimeoutSeconds", "3601", "CommandTimeoutSeconds")]
    [InlineData("SiloLeaseSeconds", "4", "SiloLeaseSeconds")]
    [InlineData("RetentionDays", "1", "RetentionDays is 1: set it to 14 or more")]
    [InlineData("RetentionDays", "13", "or to 0, to keep everything for ever")]
    [InlineData("RetentionDays", "-1", "RetentionDays must be 0 (for ever) or 14 to 10000")]
    [InlineData("RetentionDays", "10001", "RetentionDays must be 0 (for ever) or 14 to 10000")]
    [InlineData("ReconcileIntervalSeconds", "0", "ReconcileIntervalSeconds")]
    [InlineData("FeedReadIntervalMilliseconds", "99", "FeedReadIntervalMilliseconds")]
    public void Validation_BadValue_NamesTheKey(string key, string value, string expected) =>
        Should.Throw<OptionsValidationException>(() => Options((key, value))).Message.ShouldContain(expected);

    [Theory]
    [InlineData("0")]
    [InlineData("14")]
    [InlineData("10000")]
    public void Validation_RetentionForEverOrLongEnough_IsTaken(string days) =>
        Options(("RetentionDays", days)).RetentionDays.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(days);

    [Fact]
    public void Validation_TwoPasswords_IsRefusedWithoutShowingThem()
    {
        string message = Should.Throw<OptionsValidationException>(
            () => Options(("ConnectionString", "Host=h;Password=hunter2"), ("PasswordFile", "/does/not/exist"))).Message;

        message.ShouldContain("two passwords");
        message.ShouldNotContain("hunter2");
    }

    [Fact]
    public void DataSource_OptionsAndConnectionString_TheLatterGoesFirst()
    {
        using ServiceProvider services = Services(
            ("ConnectionString", "Host=h;Maximum Pool Size=7"), ("PoolSize", "9"), ("CommandTimeoutSeconds", "11"));

        NpgsqlConnectionStringBuilder connection = new(services.GetRequiredService<NpgsqlDataSource>().ConnectionString);

        connection.MaxPoolSize.ShouldBe(7);
        connection.CommandTimeout.ShouldBe(11);
        connection.ApplicationName.ShouldBe("fleet-test");
        connection.KeepAlive.ShouldBe(15);
    }

    private static DatabaseOptions Options(params (string Key, string Value)[] settings)
    {
        using ServiceProvider services = Services(settings);
        return services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> values = new() { ["Fleet:Database:ConnectionString"] = "Host=127.0.0.1" };
        foreach ((string key, string value) in settings)
        {
            values["Fleet:Database:" + key] = value;
        }

        return new ServiceCollection().AddLogging()
            .AddFleetDatabase(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), "fleet-test").BuildServiceProvider();
    }
}
