using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Pendopo.Signaling.Tests.TypeScript;

/// <summary>Reads summaries from the documentation file that the compiler writes beside an assembly.</summary>
internal sealed partial class DocumentationFile
{
    private readonly Dictionary<string, XElement> _members;

    private DocumentationFile(XDocument document) =>
        _members = document.Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    public static DocumentationFile Of(Assembly assembly) => new(XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")));

    public string? Summary(Type type) => Text($"T:{type.FullName}", "summary");

    public string? Summary(Type type, string enumMember) => Text($"F:{type.FullName}.{enumMember}", "summary");

    public string? Summary(FieldInfo field) => Text($"F:{field.DeclaringType!.FullName}.{field.Name}", "summary");

    public string? Summary(Type type, MethodInfo method)
    {
        var prefix = $"M:{type.FullName}.{method.Name}";
        var key = _members.Keys.FirstOrDefault(name => name == prefix || name.StartsWith(prefix + "(", StringComparison.Ordinal));
        return key is null ? null : Text(key, "summary");
    }

    public string? Parameter(Type record, string name) =>
        _members.TryGetValue($"T:{record.FullName}", out var member)
            ? Plain(member.Elements("param").FirstOrDefault(element => element.Attribute("name")?.Value == name))
            : null;

    private string? Text(string key, string element) => _members.TryGetValue(key, out var member) ? Plain(member.Element(element)) : null;

    private static string? Plain(XElement? element)
    {
        if (element is null) return null;
        var parts = element.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement inner => (inner.Attribute("cref") ?? inner.Attribute("name"))?.Value.Split('(')[0].Split('.')[^1] ?? inner.Value,
            _ => "",
        });
        return Whitespace().Replace(string.Concat(parts), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
