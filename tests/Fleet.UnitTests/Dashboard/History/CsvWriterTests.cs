using System.Text;
using Fleet.Dashboard.History;

namespace Fleet.UnitTests.Dashboard.History;

public sealed class CsvWriterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a, b", "\"a, b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("=HYPERLINK(1)", "'=HYPERLINK(1)")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@sum", "'@sum")]
    [InlineData("\tx", "'\tx")]
    public void AppendLine_OfACell_IsQuotedAndNeverAFormula(string cell, string expected)
    {
        var output = new StringBuilder();

        CsvWriter.AppendLine(output, [cell, null]);

        output.ToString().ShouldBe(expected + ",\r\n");
    }
}
