using Fleet.Storage;
using Npgsql;

namespace Fleet.UnitTests.Storage;

public sealed class DataSourceFactoryTests
{
    [Fact]
    public void Create_ErrorDetailAskedFor_IsNotGiven()
    {
        // The detail of an error repeats values of the row, such as what was said.
        using var source = DataSourceFactory.Create(
            new DatabaseOptions { ConnectionString = "Host=127.0.0.1;Database=fleet;Username=fleet;Include Error Detail=true" });

        new NpgsqlConnectionStringBuilder(source.ConnectionString).IncludeErrorDetail.ShouldBeFalse();
    }
}
