using Fleet.Audio.Keywords;
using Fleet.UnitTests.Agent;

namespace Fleet.UnitTests.Audio.Keywords.Models;

public sealed class KeywordModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var written = TestModels.Write(_folder.Path, TestModels.Description() with { Patience = 2, WindowMs = 240 }, TestModels.ConstantHead(0));

        var read = KeywordModelFolder.Read(_folder.Path);

        read.Description.Patience.ShouldBe(2);
        read.Description.WindowMs.ShouldBe(240);
        read.Description.KeywordLabels.ShouldBe(["listen"]);
        read.Description.Files[0].Sha256.ShouldNotBe(TestModels.Hash);
        read.Stamp.ShouldBe(written.Stamp);
    }

    [Theory]
    [InlineData("", "cannot be understood")]
    [InlineData("{}", "missing required")]
    [InlineData("null", "cannot be understood")]
    [InlineData("""{"kind":"embedding","id":null,"files":[],"licence":"x","origin":"x"}""", "cannot be understood")]
    [InlineData("""{"kind":"embedding","id":"a","treshold":1,"files":[],"licence":"x","origin":"x"}""", "treshold")]
    [InlineData("""{"kind":"other","id":"a","labels":["a"],"files":[{"name":"a","sha256":"b"}],"licence":"x","origin":"x"}""", "give embedding, mfcc or eim")]
    [InlineData("""{"kind":"mfcc","id":"a b","labels":["a"],"files":[],"licence":"","origin":"x"}""", "'id' must be")]
    [InlineData("""{"kind":"mfcc","id":"a","labels":["a"],"files":[],"licence":"","origin":"x"}""", "'licence' is empty")]
    [InlineData("""{"kind":"mfcc","id":"a","labels":["a","b"],"files":[],"licence":"x","origin":"x"}""", "'keywords' is missing")]
    [InlineData("""{"kind":"mfcc","id":"a","labels":["a"],"keywords":["c"],"files":[],"licence":"x","origin":"x"}""", "none of the 'labels'")]
    [InlineData("""{"kind":"mfcc","id":"a","labels":["a"],"threshold":2,"files":[],"licence":"x","origin":"x"}""", "'threshold' is 2: give 0.01 to 1")]
    [InlineData("""{"kind":"mfcc","id":"a","labels":["a"],"files":[{"name":"../a","sha256":"b"}],"licence":"x","origin":"x"}""", "plain name")]
    [InlineData("""{"kind":"mfcc","id":"a","labels":["a"],"files":[{"name":"a","sha256":"b"}],"licence":"x","origin":"x"}""", "64 hexadecimal")]
    [InlineData("""{"kind":"embedding","id":"a","labels":["a"],"window_ms":100,"files":[],"licence":"x","origin":"x"}""", "multiple of 80")]
    public void Read_DescriptionIsWrong_SaysWhat(string json, string expected)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "model.json"), json);

        var error = Should.Throw<KeywordModelException>(() => KeywordModelFolder.Read(_folder.Path));

        error.Message.ShouldContain(expected);
        error.Message.ShouldContain("docs/keywords.md");
    }

    [Fact]
    public void Read_NoDescription_SaysWhatToDo()
    {
        Should.Throw<KeywordModelException>(() => KeywordModelFolder.Read(_folder.Path)).Message.ShouldContain("has no model.json");
        Should.Throw<KeywordModelException>(() => KeywordModelFolder.Read("/nowhere")).Message.ShouldContain("is no folder");
    }

    [Fact]
    public void Load_FileIsAnother_IsRefused()
    {
        TestModels.Write(_folder.Path, TestModels.Description(), TestModels.ConstantHead(0));
        File.WriteAllBytes(Path.Combine(_folder.Path, "head.onnx"), TestModels.ConstantHead(1));
        using var embedding = SpeechEmbedding.Load();

        var error = Should.Throw<KeywordModelException>(() => KeywordModelFolder.Read(_folder.Path).Load(() => embedding));

        error.Message.ShouldContain("SHA-256");
    }

    [Fact]
    public void Load_HeadsOfDifferentWindows_AreRefused()
    {
        var folder = TestModels.Write(
            _folder.Path, TestModels.Description(files: ["a.onnx", "b.onnx"]), TestModels.ConstantHead(0), TestModels.ConstantHead(0, windowSteps: 4));
        using var embedding = SpeechEmbedding.Load();

        Should.Throw<KeywordModelException>(() => folder.Load(() => embedding)).Message.ShouldContain("'window_ms'");
    }

    [Fact]
    public void Load_MoreOutputsThanLabels_IsRefused()
    {
        var folder = TestModels.Write(_folder.Path, TestModels.Description(), TestModels.ConstantHead(0, labels: 2));
        using var embedding = SpeechEmbedding.Load();

        Should.Throw<KeywordModelException>(() => folder.Load(() => embedding)).Message.ShouldContain("name each output");
    }

    [Fact]
    public void Load_NoOnnxFile_IsRefused()
    {
        var folder = TestModels.Write(_folder.Path, TestModels.Description(), "no model"u8.ToArray());
        using var embedding = SpeechEmbedding.Load();

        Should.Throw<KeywordModelException>(() => folder.Load(() => embedding)).Message.ShouldContain("head.onnx");
    }

    [Fact]
    public void Load_ClassifierOfOtherFeatures_IsRefused()
    {
        var folder = TestModels.Write(
            _folder.Path, TestModels.Description(KeywordModelDescription.MfccKind), TestOnnx.Classifier([640], new float[640], [0]));

        Should.Throw<KeywordModelException>(() => folder.Load(() => throw new InvalidOperationException())).Message.ShouldContain("650 features");
    }
}
