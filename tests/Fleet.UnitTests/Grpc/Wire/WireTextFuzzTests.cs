using System.Text;
using System.Text.RegularExpressions;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Fleet.UnitTests.GrpcWire;

/// <summary>Header values that a peer made up: percent-encoding, grpc-timeout, binary metadata.</summary>
public sealed partial class WireTextFuzzTests
{
    private const int Rounds = 5000;

    [Fact]
    public void PercentEncoding_AnyText_ComesBack()
    {
        Random random = new(1);
        for (var i = 0; i < Rounds; i++)
        {
            var text = RandomText(random, 40);

            var encoded = PercentEncoding.Encode(text);

            encoded.ShouldAllBe(character => character >= ' ' && character <= '~');
            PercentEncoding.Decode(encoded).ShouldBe(text);
        }
    }

    [Fact]
    public void PercentDecode_AnyHeader_NeitherFailsNorGrows()
    {
        Random random = new(2);
        for (var i = 0; i < Rounds; i++)
        {
            var header = RandomAscii(random, "%%%%%0123456789abcdefABCDEFgxyz ", 40);

            PercentEncoding.Decode(header).Length.ShouldBeLessThanOrEqualTo(header.Length);
        }
    }

    [Fact]
    public void Timeout_AnyHeader_OnlyTheGrammarIsTaken()
    {
        Random random = new(3);
        for (var i = 0; i < Rounds; i++)
        {
            var header = RandomAscii(random, "0123456789HMSmunx+-. ", 12);

            WireTimeout.TryParse(header, out var timeout).ShouldBe(Grammar().IsMatch(header), header);
            timeout.ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
        }
    }

    [Fact]
    public void BinaryMetadata_PaddedOrNot_ComesBack()
    {
        Random random = new(4);
        for (var i = 0; i < Rounds; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            Metadata metadata = [];

            MetadataWire.Add(metadata, "a-bin", MetadataWire.Format(new Metadata.Entry("a-bin", bytes)));
            MetadataWire.Add(metadata, "a-bin", Convert.ToBase64String(bytes));
            MetadataWire.Add(metadata, "a-bin", $"{Convert.ToBase64String(bytes)}, {Convert.ToBase64String(bytes).TrimEnd('=')}");

            metadata.GetAll("a-bin").Select(entry => Convert.ToHexString(entry.ValueBytes)).ShouldBe(Enumerable.Repeat(Convert.ToHexString(bytes), 4));
        }
    }

    [Fact]
    public void Metadata_AnyHeader_FormatExceptionOrEntries()
    {
        Random random = new(5);
        for (var i = 0; i < Rounds; i++)
        {
            var name = RandomAscii(random, "abcXYZ-_.:/ %", 8) + (random.Next(2) == 0 ? "-bin" : "");
            var value = RandomText(random, 30);
            Metadata metadata = [];

            try
            {
                MetadataWire.Add(metadata, name, value);
            }
            catch (FormatException)
            {
                name.ShouldEndWith("-bin");
            }

            metadata.Sum(entry => entry.ValueBytes.Length).ShouldBeLessThanOrEqualTo(Encoding.UTF8.GetByteCount(value));
        }
    }

    private static string RandomAscii(Random random, string alphabet, int longest) =>
        string.Create(random.Next(longest + 1), (random, alphabet), static (text, state) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = state.alphabet[state.random.Next(state.alphabet.Length)];
            }
        });

    private static string RandomText(Random random, int longest)
    {
        StringBuilder text = new();
        for (var i = random.Next(longest); i > 0; i--)
        {
            // Every plane of Unicode and its edges; no half of a pair, which is not text.
            var rune = random.Next(4) switch
            {
                0 => random.Next(0x80),
                1 => random.Next(0x800),
                2 => random.Next(0xd800),
                _ => random.Next(0xe000, 0x110000),
            };
            text.Append(new Rune(rune));
        }

        return text.ToString();
    }

    [GeneratedRegex("^[0-9]{1,8}[HMSmun]$")]
    private static partial Regex Grammar();
}
