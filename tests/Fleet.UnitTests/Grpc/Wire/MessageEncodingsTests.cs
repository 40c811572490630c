using System.IO.Compression;
using Grpc.Core;
using Grpc.Core.Wire;
using Grpc.Net.Compression;

namespace Fleet.UnitTests.GrpcWire;

public sealed class MessageEncodingsTests
{
    [Theory]
    [InlineData("gzip", true)]
    [InlineData("identity, deflate , gzip", true)]
    [InlineData("identity,gzip2", false)]
    [InlineData("GZIP", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsAccepted_HeaderOfAPeer_OnlyTheWholeName(string? header, bool expected) => MessageEncodings.IsAccepted(header, "gzip").ShouldBe(expected);

    [Fact]
    public void AcceptEncoding_OwnProviders_NamesThemAndNoOther()
    {
        MessageEncodings sut = new([new DeflateCompressionProvider(CompressionLevel.Fastest)]);

        sut.AcceptEncoding.ShouldBe("identity,deflate");
        sut.Find("gzip").ShouldBeNull();
    }

    [Fact]
    public void Compress_Frame_IsMarkedAndComesBack()
    {
        MessageCompression sut = new(MessageEncodings.Default.Find("gzip")!, Level: null); // Among the defaults.
        byte[] frame = [0, 0, 0, 0, 200, .. new byte[200]];

        var compressed = sut.Compress(frame);

        compressed.Span[0].ShouldBe((byte)1);
        compressed.Length.ShouldBeLessThan(60);
        MessageDecompressor.Decompress(new(compressed[5..]), "gzip", MessageEncodings.Default, 200).Length.ShouldBe(200);
    }

    [Fact]
    public void For_NoCompress_Exempts()
    {
        MessageCompression sut = new(MessageEncodings.Default.Find("gzip")!, Level: null); // Among the defaults.

        sut.For(new WriteOptions(WriteFlags.NoCompress)).ShouldBeNull();
        sut.For(WriteOptions.Default).ShouldBe(sut);
        sut.For(null).ShouldBe(sut);
    }
}
