using System.ComponentModel.DataAnnotations;

namespace Fleet.Dashboard.Devices;

/// <summary>Where the silo's API is. Section <c>Fleet:Api</c>.</summary>
internal sealed class FleetApiOptions : IValidatableObject
{
    public const string Section = "Fleet:Api";

    /// <summary>Address of the silo's gRPC port.</summary>
    [Required(ErrorMessage = "Set Fleet:Api:Address to the silo's gRPC address, such as http://127.0.0.1:5100.")]
    public Uri Address { get; set; } = new("http://127.0.0.1:5100");

    /// <summary>File with the API key; read for each call, so that it may be made later or changed.</summary>
    public string? KeyFile { get; set; }

    /// <summary>PEM file of the authority that signed the silo's certificate. Default: those that the system trusts.</summary>
    public string? CaFile { get; set; }

    /// <summary>Longest wait for an answer of the silo, in milliseconds. 100 to 30,000.</summary>
    [Range(100, 30_000, ErrorMessage = "Set Fleet:Api:TimeoutMilliseconds to 100 to 30000 milliseconds.")]
    public int TimeoutMilliseconds { get; set; } = 1_500;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(CaFile) && !File.Exists(CaFile))
        {
            yield return new ValidationResult($"Fleet:Api:CaFile is {CaFile}, which is not there: set it to a PEM file, or leave it out to trust what the system trusts.");
        }
    }
}
