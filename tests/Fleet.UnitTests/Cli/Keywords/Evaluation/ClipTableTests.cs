using Fleet.Cli.Keywords.Evaluation;

namespace Fleet.UnitTests.Cli.Keywords.Evaluation;

public sealed class ClipTableTests
{
    [Fact]
    public void Parse_ColumnsInAnyOrder_AreFoundByName()
    {
        var rows = ClipTable.Parse(["kind\tfile\tend_s\tstart_s\tlicence\tcontext\tcondition", "flite:rms\ta/b.wav\t1.5\t1\tCC0\tin flow\t10 dB", "", "# end"], "/clips/positives.tsv");

        rows.ShouldHaveSingleItem().ShouldBe(new ClipRow("/clips/a/b.wav", "flite:rms", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5), "in flow, 10 dB"));
    }

    [Fact]
    public void Parse_FileOnly_IsEnough()
    {
        ClipTable.Parse(["file", "/a.wav"], "t.tsv").ShouldBe([new ClipRow("/a.wav", "", null, null, "")]);
    }

    [Theory]
    [InlineData("wav\tkind|a.wav\tx", "t.tsv: the first line must name the columns, tab-separated, and one must be 'file'")]
    [InlineData("file\tstart_s|a.wav\tsoon", "t.tsv, line 2: 'soon' is no number of seconds.")]
    [InlineData("file\tstart_s\tend_s|a.wav\t2\t1", "t.tsv, line 2: the keyword ends before it begins.")]
    [InlineData("file\tkind|\tx", "t.tsv, line 2: no file is named.")]
    [InlineData("", "t.tsv is empty")]
    public void Parse_Wrong_IsToldWithItsLine(string lines, string message)
    {
        Should.Throw<InvalidDataException>(() => ClipTable.Parse(lines.Split('|'), "t.tsv")).Message.ShouldContain(message);
    }
}
