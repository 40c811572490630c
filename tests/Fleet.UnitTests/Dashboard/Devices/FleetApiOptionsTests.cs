using System.ComponentModel.DataAnnotations;
using Fleet.Dashboard.Devices;

namespace Fleet.UnitTests.Dashboard.Devices;

public sealed class FleetApiOptionsTests
{
    [Fact]
    public void Validate_CaFileIsNotThere_NamesTheKeyAndTheRemedy()
    {
        var sut = new FleetApiOptions { CaFile = "/nowhere/ca.pem" };

        var message = sut.Validate(new ValidationContext(sut)).ShouldHaveSingleItem().ErrorMessage.ShouldNotBeNull();

        message.ShouldContain("Fleet:Api:CaFile");
        message.ShouldContain("set it to a PEM file");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Validate_NoCaFile_IsFine(string? file)
    {
        var sut = new FleetApiOptions { CaFile = file };

        sut.Validate(new ValidationContext(sut)).ShouldBeEmpty();
    }
}
