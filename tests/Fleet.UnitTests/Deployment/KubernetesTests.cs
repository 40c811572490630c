using System.Globalization;
using Fleet.Contracts.CommandLine;
using Fleet.Dashboard.Configuration;
using Fleet.Dashboard.Devices;
using Fleet.Scoring.Configuration;
using Fleet.Silo.Hosting;
using Fleet.Storage;
using Fleet.Testing;
using Fleet.Testing.Deployment;

namespace Fleet.UnitTests.Deployment;

/// <summary>deploy/kubernetes: parsed, and held to what a cluster with the restricted profile demands and the silo's stop needs.</summary>
public sealed class KubernetesTests
{
    private static readonly string _folder = Path.Combine(RepositoryPaths.Root, "deploy", "kubernetes");

    private static readonly IReadOnlyList<YamlTree> _objects =
        [.. Directory.GetFiles(_folder, "*.yaml").Where(file => Path.GetFileName(file) != "kustomization.yaml").SelectMany(file => YamlTree.ReadAll(File.ReadAllText(file)))];

    private static IEnumerable<YamlTree> Workloads => _objects.Where(o => o["kind"].Text is "StatefulSet" or "Deployment" or "Job");

    private static YamlTree Silo => Workloads.Single(o => o["kind"].Text == "StatefulSet");

    [Fact]
    public void Kustomization_NamesEveryFile() => YamlTree.ReadAll(File.ReadAllText(Path.Combine(_folder, "kustomization.yaml"))).Single()["resources"].Texts
        .ShouldBe(Directory.GetFiles(_folder, "*.yaml").Select(Path.GetFileName).Where(file => file != "kustomization.yaml"), ignoreOrder: true);

    [Fact]
    public void Objects_AreInTheNamespace() =>
        _objects.Where(o => o["kind"].Text != "Namespace").ShouldAllBe(o => o["metadata"]["namespace"].Text == "fleet");

    [Fact]
    public void Pods_MayDoNoMoreThanTheyNeed()
    {
        foreach (var workload in Workloads)
        {
            var name = workload["metadata"]["name"].Text;
            var pod = Pod(workload);
            pod["automountServiceAccountToken"].Text.ShouldBe("false", name);
            pod["securityContext"]["runAsNonRoot"].Text.ShouldBe("true", name);
            pod["securityContext"]["seccompProfile"]["type"].Text.ShouldBe("RuntimeDefault", name);
            foreach (var container in pod["containers"].Items)
            {
                container["securityContext"]["readOnlyRootFilesystem"].Text.ShouldBe("true", name);
                container["securityContext"]["allowPrivilegeEscalation"].Text.ShouldBe("false", name);
                container["securityContext"]["capabilities"]["drop"].Texts.ShouldBe(["ALL"], name);
                foreach (var kind in new[] { "requests", "limits" })
                {
                    container["resources"][kind]["cpu"].Text.ShouldNotBeEmpty(name);
                    container["resources"][kind]["memory"].Text.ShouldNotBeEmpty(name);
                }
            }
        }
    }

    [Fact]
    public void Servers_AreAskedHowTheyAre_AtPortsThatTheyOpen()
    {
        foreach (var container in Workloads.Where(o => o["kind"].Text != "Job").SelectMany(o => Pod(o)["containers"].Items))
        {
            var ports = container["ports"].Items.Select(port => port["name"].Text).ToList();
            var live = container["name"].Text == "scoring" ? "/" : "/healthz/live";
            var ready = container["name"].Text == "scoring" ? "/ready" : "/healthz/ready";
            container["livenessProbe"]["httpGet"]["path"].Text.ShouldBe(live);
            container["readinessProbe"]["httpGet"]["path"].Text.ShouldBe(ready);
            foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
            {
                ports.ShouldContain(container[probe]["httpGet"]["port"].Text);
            }
        }
    }

    [Fact]
    public void Silo_AdvertisesItsPod_AndHasTimeToDrain()
    {
        var pod = Pod(Silo);
        var environment = pod["containers"].Items.Single()["env"].Items.ToDictionary(variable => variable["name"].Text);
        int Seconds(string key) => int.Parse(environment[key]["value"].Text, CultureInfo.InvariantCulture);

        environment["Fleet__Orleans__AdvertisedAddress"]["valueFrom"]["fieldRef"]["fieldPath"].Text.ShouldBe("status.podIP");
        int.Parse(pod["terminationGracePeriodSeconds"].Text, CultureInfo.InvariantCulture)
            .ShouldBeGreaterThan(Seconds("Fleet__Silo__DrainSeconds") + (2 * Seconds("Fleet__Silo__FlushSeconds")) + 15);
        _objects.ShouldContain(o => o["kind"].Text == "PodDisruptionBudget" && o["spec"]["selector"]["matchLabels"]["app"].Text == "silo" && o["spec"]["maxUnavailable"].Text == "1");
        _objects.ShouldContain(o => o["kind"].Text == "Service" && o["metadata"]["name"].Text == Silo["spec"]["serviceName"].Text && o["spec"]["clusterIP"].Text == "None");
    }

    [Fact]
    public void Selectors_FindThePodsThatTheyMean()
    {
        var apps = Workloads.Select(o => o["spec"]["template"]["metadata"]["labels"]["app"].Text).ToHashSet();

        foreach (var service in _objects.Where(o => o["kind"].Text == "Service"))
        {
            apps.ShouldContain(service["spec"]["selector"]["app"].Text, service["metadata"]["name"].Text);
        }

        foreach (var policy in _objects.Where(o => o["kind"].Text == "NetworkPolicy" && o["metadata"]["name"].Text != "default-deny-ingress"))
        {
            apps.ShouldContain(policy["spec"]["podSelector"]["matchLabels"]["app"].Text);
        }

        _objects.ShouldContain(o => o["kind"].Text == "NetworkPolicy" && o["spec"]["podSelector"].Entries.Count == 0);
    }

    [Fact]
    public void Keys_AreKnownToTheirPrograms()
    {
        var known = new Dictionary<string, IReadOnlyCollection<string>>
        {
            ["silo"] = SiloKeys.All,
            ["migrate"] = SiloKeys.All,
            ["scoring"] = [.. OptionKeys.Of(ScoringServerOptions.Section, typeof(ScoringServerOptions))],
            ["dashboard"] =
            [
                .. OptionKeys.Of(DashboardOptions.Section, typeof(DashboardOptions)), .. OptionKeys.Of(FleetApiOptions.Section, typeof(FleetApiOptions)),
                .. OptionKeys.Of(DatabaseOptions.Section, typeof(DatabaseOptions)),
            ],
        };
        foreach (var container in Workloads.SelectMany(o => Pod(o)["containers"].Items))
        {
            container["env"].Items.Select(variable => variable["name"].Text.Replace("__", ":", StringComparison.Ordinal))
                .Where(key => !key.StartsWith("Logging:", StringComparison.Ordinal))
                .Except(known[container["name"].Text]).ShouldBeEmpty(container["name"].Text);
        }
    }

    [Fact]
    public void Secrets_AreMounted_NeverInTheManifests()
    {
        _objects.ShouldNotContain(o => o["kind"].Text == "Secret");
        foreach (var workload in Workloads)
        {
            var secrets = Pod(workload)["volumes"].Items.Select(volume => volume["secret"]["secretName"].Text).Where(secret => secret.Length > 0);
            var app = workload["metadata"]["name"].Text == "migrate" ? "silo" : workload["metadata"]["name"].Text;
            secrets.ShouldBe([$"fleet-{app}"]);
        }
    }

    private static YamlTree Pod(YamlTree workload) => workload["spec"]["template"]["spec"];
}
