using Fleet.Dashboard.History;
using Fleet.V1;
using Microsoft.AspNetCore.Http;

namespace Fleet.UnitTests.Dashboard.History;

public sealed class HistoryFilterTests
{
    [Fact]
    public void Url_OfEverything_ReadsBackAsTheSame()
    {
        var sut = new HistoryFilter
        {
            Text = "\"turn it on\" & -off",
            DeviceIds = ["kitchen", "a.b_c-1"],
            From = new DateTimeOffset(2026, 3, 1, 12, 30, 0, TimeSpan.Zero),
            To = new DateTimeOffset(2026, 3, 1, 12, 30, 59, TimeSpan.Zero),
            Statuses = [UtteranceStatus.Failed, UtteranceStatus.Lost],
            Page = "token",
            Trail = ["-", "other"],
        };

        var read = Parse(sut.Url());

        read.Url().ShouldBe(sut.Url());
        read.Text.ShouldBe(sut.Text);
        read.From.ShouldBe(sut.From);
        read.To.ShouldBe(sut.To);
        read.Statuses.ShouldBe(sut.Statuses);
    }

    [Fact]
    public void Parse_OfNonsense_IsTheEmptyFilter()
    {
        var read = Parse("/history?from=yesterday&to=&status=shouted&device=&q=%20");

        read.IsEmpty.ShouldBeTrue();
        read.Url().ShouldBe("/history");
    }

    [Theory]
    [InlineData("2026-03-01T12:00", "2026-03-01T12:00:00Z")]
    [InlineData("2026-03-01T12:00Z", "2026-03-01T12:00:00Z")]
    [InlineData("2026-03-01T12:00+02:00", "2026-03-01T10:00:00Z")]
    public void ParseTime_WithoutAZone_IsUtc(string text, string expected)
    {
        HistoryFilter.ParseTime(text).ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void OlderThenNewer_LeadsBackToWhereOneCameFrom()
    {
        var first = new HistoryFilter { Text = "x" };
        var second = first.Older("b");
        var third = second.Older("c");

        third.Page.ShouldBe("c");
        third.Newer().Url().ShouldBe(second.Url());
        third.Newer().Newer().Url().ShouldBe(first.Url());
    }

    [Fact]
    public void Older_VeryOften_KeepsTheUrlBounded()
    {
        var filter = new HistoryFilter();
        for (var i = 0; i < 1_000; i++)
        {
            filter = filter.Older($"token-{i}");
        }

        filter.Trail.Count.ShouldBeLessThanOrEqualTo(40);
    }

    private static HistoryFilter Parse(string url)
    {
        var context = new DefaultHttpContext { Request = { QueryString = new QueryString(url[url.IndexOf('?')..]) } };
        return HistoryFilter.Parse(context.Request.Query);
    }
}
