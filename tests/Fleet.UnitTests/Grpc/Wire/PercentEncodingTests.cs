using Grpc.Core.Wire;

namespace Fleet.UnitTests.GrpcWire;

public sealed class PercentEncodingTests
{
    [Theory]
    [InlineData("plain text, nothing to do: ~!", "plain text, nothing to do: ~!")]
    [InlineData("100 %", "100 %25")]
    [InlineData("a\nb\r\0", "a%0Ab%0D%00")]
    [InlineData("ñ漢🎤", "%C3%B1%E6%BC%A2%F0%9F%8E%A4")]
    public void Encode_Text_IsPrintableAsciiAndComesBack(string text, string expected)
    {
        PercentEncoding.Encode(text).ShouldBe(expected);
        PercentEncoding.Decode(expected).ShouldBe(text);
    }

    [Theory]
    [InlineData("50%", "50%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%e6%bc%a2", "漢")]
    [InlineData("%ff", "\uFFFD")]
    public void Decode_WhatIsNotAnEscape_Stays(string text, string expected) => PercentEncoding.Decode(text).ShouldBe(expected);
}
