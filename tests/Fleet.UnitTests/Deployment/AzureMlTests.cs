using System.Globalization;
using Fleet.Contracts.CommandLine;
using Fleet.Scoring.Configuration;
using Fleet.Testing;
using Fleet.Testing.Deployment;

namespace Fleet.UnitTests.Deployment;

/// <summary>deploy/azureml: held to the keys that Azure ML's reference of the YAML files has, and to what the container does.</summary>
public sealed class AzureMlTests
{
    private static readonly string[] _probe = ["initial_delay", "period", "timeout", "success_threshold", "failure_threshold"];

    // From the reference: a key, or a key with the keys below it. An asterisk is any name.
    private static readonly string[] _endpointKeys =
        ["$schema", "name", "description", "tags", "auth_mode", "identity.type", "identity.user_assigned_identities", "traffic", "mirror_traffic"];

    private static readonly string[] _deploymentKeys =
    [
        "$schema", "name", "description", "tags", "endpoint_name", "model", "model_mount_path", "environment_variables.*", "environment.image",
        "environment.inference_config.liveness_route.port", "environment.inference_config.liveness_route.path",
        "environment.inference_config.readiness_route.port", "environment.inference_config.readiness_route.path",
        "environment.inference_config.scoring_route.port", "environment.inference_config.scoring_route.path",
        "instance_type", "instance_count", "app_insights_enabled", "scale_settings.type",
        "request_settings.request_timeout_ms", "request_settings.max_concurrent_requests_per_instance",
        .. _probe.Select(key => $"liveness_probe.{key}"), .. _probe.Select(key => $"readiness_probe.{key}"),
    ];

    private static readonly Dictionary<string, string[]> _known = new()
    {
        ["endpoint.yml"] = [.. _endpointKeys, "public_network_access"],
        ["kubernetes-endpoint.yml"] = [.. _endpointKeys, "compute"],
        ["deployment.yml"] = [.. _deploymentKeys, "egress_public_network_access"],
        ["kubernetes-deployment.yml"] =
        [
            .. _deploymentKeys, "type", "request_settings.max_queue_wait_ms",
            "resources.requests.cpu", "resources.requests.memory", "resources.requests.nvidia.com/gpu", "resources.limits.cpu", "resources.limits.memory",
            "resources.limits.nvidia.com/gpu", "scale_settings.min_instances", "scale_settings.max_instances", "scale_settings.target_utilization_percentage",
            "scale_settings.polling_interval",
        ],
    };

    private static readonly Dictionary<string, string[]> _required = new()
    {
        ["endpoint.yml"] = ["$schema", "name", "auth_mode"],
        ["kubernetes-endpoint.yml"] = ["$schema", "name", "auth_mode", "compute"],
        ["deployment.yml"] = ["$schema", "name", "endpoint_name", "environment", "instance_type", "instance_count"],
        ["kubernetes-deployment.yml"] = ["$schema", "name", "type", "endpoint_name", "environment", "scale_settings", "resources"],
    };

    public static TheoryData<string> Files => [.. _known.Keys];

    public static TheoryData<string> Deployments => ["deployment.yml", "kubernetes-deployment.yml"];

    [Fact]
    public void Folder_HasNoOtherFiles() =>
        Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "deploy", "azureml"), "*.yml").Select(Path.GetFileName).ShouldBe(_known.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Files))]
    public void Keys_AreThoseOfTheReference(string file)
    {
        var tree = Read(file);

        Leaves(tree, "").Where(leaf => !_known[file].Any(key => key == leaf || (key.EndsWith(".*", StringComparison.Ordinal) && leaf.StartsWith(key[..^1], StringComparison.Ordinal))))
            .ShouldBeEmpty();
        _required[file].ShouldAllBe(key => !tree[key].IsMissing);
        var kind = file.Contains("kubernetes", StringComparison.Ordinal) ? "kubernetes" : "managed";
        tree["$schema"].Text.ShouldEndWith($"{kind}Online{(file.Contains("endpoint", StringComparison.Ordinal) ? "Endpoint" : "Deployment")}.schema.json");
    }

    [Theory]
    [MemberData(nameof(Deployments))]
    public void Container_ListensWhereTheRoutesLead_WithKeysThatItKnows(string file)
    {
        var tree = Read(file);
        var environment = tree["environment_variables"].Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Text);
        var routes = tree["environment"]["inference_config"];

        routes["liveness_route"]["path"].Text.ShouldBe("/");
        routes["readiness_route"]["path"].Text.ShouldBe("/ready");
        routes["scoring_route"]["path"].Text.ShouldBe("/score");
        routes.Entries.Values.ShouldAllBe(route => environment["Fleet__ScoringServer__Listen"] == $"0.0.0.0:{route["port"].Text}");
        environment.Keys.Where(key => !key.StartsWith("Logging__", StringComparison.Ordinal)).Select(key => key.Replace("__", ":", StringComparison.Ordinal))
            .Except(OptionKeys.Of(ScoringServerOptions.Section, typeof(ScoringServerOptions))).ShouldBeEmpty();
        environment["Fleet__ScoringServer__TrustPlatformKeys"].ShouldBe("true");
        environment.ShouldNotContainKey("Fleet__ScoringServer__KeyFile");
        var image = DockerStages.Read()["scoring"];
        image.ShouldContain("EXPOSE 5001");
    }

    [Theory]
    [InlineData("deployment.yml", 180_000)]
    [InlineData("kubernetes-deployment.yml", 300_000)]
    public void Limits_OfTheContainer_AreInsideThePlatforms(string file, int longestTimeoutMilliseconds)
    {
        var tree = Read(file);
        int Own(string name) => Number(tree["environment_variables"][$"Fleet__ScoringServer__{name}"]);
        var platform = tree["request_settings"];
        var concurrent = platform["max_concurrent_requests_per_instance"].IsMissing ? 1 : Number(platform["max_concurrent_requests_per_instance"]);

        Number(platform["request_timeout_ms"]).ShouldBeInRange((Own("RequestTimeoutSeconds") + 2) * 1_000, longestTimeoutMilliseconds);

        // The platform lets twice as many in as it says: the container refuses none of them.
        (Own("Workers") + Own("QueueLength")).ShouldBeGreaterThanOrEqualTo(2 * concurrent);
        foreach (var probe in new[] { "liveness_probe", "readiness_probe" })
        {
            tree[probe].Entries.Values.ShouldAllBe(value => Number(value) >= 1);
        }
    }

    [Fact]
    public void Deployments_OfAnEndpoint_AreFoundByItsName()
    {
        Read("deployment.yml")["endpoint_name"].Text.ShouldBe(Read("endpoint.yml")["name"].Text);
        Read("kubernetes-deployment.yml")["endpoint_name"].Text.ShouldBe(Read("kubernetes-endpoint.yml")["name"].Text);
        Read("kubernetes-endpoint.yml")["compute"].Text.ShouldStartWith("azureml:");
    }

    private static YamlTree Read(string file) => YamlTree.ReadAll(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "deploy", "azureml", file))).Single();

    private static int Number(YamlTree value) => int.Parse(value.Text, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Leaves(YamlTree tree, string path) => tree.Entries.Count == 0
        ? [path]
        : tree.Entries.SelectMany(entry => Leaves(entry.Value, path.Length == 0 ? entry.Key : $"{path}.{entry.Key}"));
}
