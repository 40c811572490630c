using System.CommandLine;
using Fleet.Cli.Keywords.Evaluation;
using Fleet.Cli.Keywords.Recording;
using Fleet.Cli.Keywords.Synthesis;
using Fleet.Cli.Keywords.Training;

namespace Fleet.Cli.Keywords;

/// <summary>`fleet-cli keyword …`: models that hear a keyword, from recordings or synthetic voices to a file with known figures.</summary>
internal static class KeywordCommand
{
    public static Command Create(TimeProvider time) => new("keyword", "Keyword models for agents: clips, training, figures.")
    {
        RecordCommand.Create(), SynthesizeCommand.Create(time), TrainCommand.Create(time), EvalCommand.Create(time),
    };
}
