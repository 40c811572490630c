using Fleet.Testing;
using Fleet.Testing.Deployment;

namespace Fleet.UnitTests.Deployment;

/// <summary>What deploy/docker/Dockerfile takes is there, and what docker-compose.yml wants of it, too.</summary>
public sealed class DockerfileTests
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _stages = DockerStages.Read();

    [Fact]
    public void Copy_FromTheRepository_ItIsThere()
    {
        var copied = _stages.Values.SelectMany(stage => stage).Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]).ToList();

        copied.ShouldNotBeEmpty();
        copied.ShouldAllBe(path => Path.Exists(Path.Combine(RepositoryPaths.Root, path)));
        var ignored = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, ".dockerignore"));
        copied.Intersect(ignored).ShouldBeEmpty();
    }

    [Fact]
    public void Copy_FromAStage_ThatStageComesBefore()
    {
        var seen = new HashSet<string>();
        foreach (var (name, lines) in _stages)
        {
            foreach (var source in lines.Where(line => line.Contains("--from=", StringComparison.Ordinal)).Select(line => line.Split("--from=")[1].Split(' ')[0]))
            {
                seen.ShouldContain(source, name);
            }

            seen.Add(name);
        }
    }

    [Fact]
    public void Build_EveryProgram_ForBothArchitectures()
    {
        var build = string.Join('\n', _stages["build"]);

        build.ShouldContain("for program in scoring silo dashboard device-agent cli;");
        build.ShouldContain("rid=linux-x64");
        build.ShouldContain("rid=linux-arm64");
        build.ShouldContain("-p:FullFeed=$FULL_FEED");
        build.ShouldContain("ARG FULL_FEED=true");
        _stages["build"][0].ShouldContain("--platform=$BUILDPLATFORM");
        _stages["npm"][0].ShouldContain("--platform=$BUILDPLATFORM");
        File.ReadAllText(Path.Combine(RepositoryPaths.Root, "deploy", "docker", "Dockerfile")).ShouldNotContain("# syntax=");
    }

    [Fact]
    public void Build_HasTheProjectsThatThoseReference()
    {
        // Each folder of a project that is referenced from a program's project must have been copied.
        var folders = _stages["build"].Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]).ToHashSet();
        foreach (var program in new[] { "scoring", "silo", "dashboard", "device-agent", "cli" })
        {
            var project = Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, program), "*.csproj").Single();
            var references = System.Xml.Linq.XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => reference.Attribute("Include")?.Value.Replace("$(FleetRoot)", "../", StringComparison.Ordinal).Split('/')[1]);

            references.ShouldAllBe(folder => folders.Contains(folder!), program);
        }
    }

    [Fact]
    public void ScoringAlone_IsTheSameImage()
    {
        var alone = DockerStages.Read("scoring/Dockerfile");
        var copied = alone["build"].Where(line => line.StartsWith("COPY ", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[1..^1]).ToHashSet();
        var (own, all) = (alone["scoring"], _stages["scoring"].Concat(_stages["speech"]).Concat(_stages["base"]).ToList());

        copied.Where(path => !path.StartsWith('-') && !path.StartsWith('/')).ShouldAllBe(path => Path.Exists(Path.Combine(RepositoryPaths.Root, path)));
        var project = Path.Combine(RepositoryPaths.Root, "scoring", "Fleet.Scoring.csproj");
        System.Xml.Linq.XDocument.Load(project).Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value.Split('/')[1])
            .ShouldAllBe(folder => copied.Contains(folder));
        alone["npm"].ShouldBe(_stages["npm"]);
        foreach (var same in new[] { "USER", "EXPOSE", "ENTRYPOINT", "ENV", "WORKDIR" })
        {
            own.Where(line => line.StartsWith(same, StringComparison.Ordinal)).ShouldBe(all.Where(line => line.StartsWith(same, StringComparison.Ordinal)), same);
        }

        foreach (var package in new[] { "ca-certificates", "libssl3", "libstdc++6", "tzdata", "libpocketsphinx3", "pocketsphinx-en-us" })
        {
            own[1].ShouldContain($" {package} ");
            all.ShouldContain(line => line.Contains($" {package} ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Images_RunAsNobodySpecial_AndStartAProgramThatIsPublished()
    {
        var compose = ComposeFile.Read();
        var targets = compose.Services.Values.Select(service => service["build"]["target"].Text).Where(target => target.Length > 0).Distinct().ToList();

        targets.ShouldBe(["cli", "silo", "scoring", "dashboard", "agent"], ignoreOrder: true);
        foreach (var target in targets)
        {
            var stage = _stages[target];
            stage.ShouldContain("USER 10001:10001", target);
            var program = stage.Single(line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)).Split('"')[3];
            program.ShouldBe($"/app/{Path.GetFileName(program)}");
            var project = target switch { "cli" => "Fleet.Cli", "agent" => "Fleet.DeviceAgent", _ => Path.GetFileNameWithoutExtension(program) };
            File.Exists(RepositoryPaths.Program(project, Path.GetFileNameWithoutExtension(program))).ShouldBeTrue(program);
        }
    }

    [Fact]
    public void Volumes_EveryFolderThatIsMounted_IsInItsImage_SoThatItGetsItsOwner()
    {
        var compose = ComposeFile.Read();
        foreach (var (name, service) in compose.Services.Where(service => service.Value["build"]["target"].Text.Length > 0))
        {
            var image = string.Join('\n', _stages[service["build"]["target"].Text]);
            foreach (var folder in service["volumes"].Texts.Select(volume => volume.Split(':')[1]))
            {
                var isThere = image.Contains(folder, StringComparison.Ordinal)
                    || (image.Contains("\"/run/fleet/$part\"", StringComparison.Ordinal) && image.Split("for part in ")[1].Split(';')[0].Split(' ').Contains(Path.GetFileName(folder)));
                isThere.ShouldBeTrue($"{name}: {folder}");
            }
        }
    }
}
