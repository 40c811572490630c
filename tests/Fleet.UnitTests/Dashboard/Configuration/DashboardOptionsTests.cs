using System.ComponentModel.DataAnnotations;
using Fleet.Dashboard.Configuration;

namespace Fleet.UnitTests.Dashboard.Configuration;

public sealed class DashboardOptionsTests
{
    [Theory]
    [InlineData("127.0.0.1:5080", false, true)]
    [InlineData("[::1]:0", false, true)]
    [InlineData("0.0.0.0:5080", false, false)]
    [InlineData("0.0.0.0:5080", true, true)]
    [InlineData("localhost:5080", false, false)]
    [InlineData("127.0.0.1", false, false)]
    public void Validate_OfListen_WantsAnAddressThatMayBePlain(string listen, bool privateNetwork, bool valid)
    {
        var sut = new DashboardOptions { Listen = listen, PrivateNetwork = privateNetwork, PasswordFile = "p", KeysFolder = "k" };

        sut.Validate(new ValidationContext(sut)).Any().ShouldBe(!valid);
    }

    [Fact]
    public void Validate_WithNothingSet_NamesEachKey()
    {
        var sut = new DashboardOptions();

        var messages = sut.Validate(new ValidationContext(sut)).Select(result => result.ErrorMessage).ToList();

        messages.ShouldContain(message => message!.Contains("Fleet:Dashboard:PasswordFile", StringComparison.Ordinal)); // Not null: all have one.
        messages.ShouldContain(message => message!.Contains("Fleet:Dashboard:KeysFolder", StringComparison.Ordinal)); // Not null: all have one.
    }
}
