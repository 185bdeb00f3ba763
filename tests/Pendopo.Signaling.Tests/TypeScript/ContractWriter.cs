using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace Pendopo.Signaling.Tests.TypeScript;

/// <summary>
/// Writes the wire contract as TypeScript: enums as string unions, records as read-only interfaces, hub interfaces as
/// interfaces of promises. Comments come from the documentation file of the assembly.
/// </summary>
internal sealed class ContractWriter
{
    private readonly StringBuilder _text = new();
    private readonly NullabilityInfoContext _nullability = new();
    private readonly DocumentationFile _documentation;
    private readonly Type[] _types;

    private ContractWriter(Assembly assembly)
    {
        _documentation = DocumentationFile.Of(assembly);
        _types = [.. assembly.GetExportedTypes().OrderBy(type => type.Name, StringComparer.Ordinal)];
    }

    public static string Write(Assembly assembly)
    {
        var writer = new ContractWriter(assembly);
        writer.WriteAll();
        return writer._text.ToString();
    }

    private void WriteAll()
    {
        _text.Append("// Generated from src/Pendopo.Signaling by `make contract`. Do not edit.\n");
        foreach (var type in _types)
        {
            if (type.IsEnum) WriteEnum(type);
            else if (type.IsInterface) WriteInterface(type);
            else if (type.IsAbstract && type.IsSealed) WriteConstants(type);
            else WriteRecord(type);
        }
    }

    private void WriteEnum(Type type)
    {
        var names = Enum.GetNames(type);
        WriteComment("", _documentation.Summary(type), [.. names
            .Select(name => (Name: Camel(name), Summary: _documentation.Summary(type, name)))
            .Where(member => member.Summary is not null)
            .Select(member => $"- `{member.Name}`: {member.Summary}")]);
        _text.Append(CultureInfo.InvariantCulture, $"export type {type.Name} = {string.Join(" | ", names.Select(name => $"'{Camel(name)}'"))};\n");
    }

    private void WriteRecord(Type type)
    {
        WriteComment("", _documentation.Summary(type));
        _text.Append(CultureInfo.InvariantCulture, $"export interface {type.Name} {{\n");
        // The constructor's order is the order of the source; a positional record has exactly one public constructor.
        foreach (var parameter in type.GetConstructors().Single().GetParameters())
        {
            var nullability = _nullability.Create(parameter);
            var isNullable = nullability.ReadState == NullabilityState.Nullable;
            var optional = isNullable && parameter.HasDefaultValue ? "?" : "";
            WriteComment("  ", _documentation.Parameter(type, parameter.Name!));
            _text.Append(CultureInfo.InvariantCulture, $"  readonly {Camel(parameter.Name!)}{optional}: {TypeName(nullability)};\n");
        }

        _text.Append("}\n");
    }

    private void WriteInterface(Type type)
    {
        var name = type.Name[1..];
        WriteComment("", _documentation.Summary(type));
        _text.Append(CultureInfo.InvariantCulture, $"export interface {name} {{\n");
        var methods = type.GetMethods().OrderBy(method => method.MetadataToken).ToArray();
        foreach (var method in methods)
        {
            var parameters = method.GetParameters().Select(parameter => $"{parameter.Name}: {TypeName(_nullability.Create(parameter))}");
            WriteComment("  ", _documentation.Summary(type, method));
            _text.Append(CultureInfo.InvariantCulture, $"  {Camel(method.Name)}({string.Join(", ", parameters)}): {ReturnName(method, name)};\n");
        }

        _text.Append("}\n\n");
        _text.Append(CultureInfo.InvariantCulture, $"/** Every method of {{@link {name}}}, as it is called on the wire. */\n");
        _text.Append(CultureInfo.InvariantCulture, $"export const {Camel(name)}Methods = [{string.Join(", ", methods.Select(method => $"'{Camel(method.Name)}'"))}] as const;\n");
    }

    private void WriteConstants(Type type)
    {
        WriteComment("", _documentation.Summary(type));
        _text.Append(CultureInfo.InvariantCulture, $"export const {Camel(type.Name)} = {{\n");
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).OrderBy(field => field.MetadataToken))
        {
            var value = field.GetRawConstantValue() is string text ? $"'{text}'" : Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture);
            WriteComment("  ", _documentation.Summary(field));
            _text.Append(CultureInfo.InvariantCulture, $"  {Camel(field.Name)}: {value},\n");
        }

        _text.Append("} as const;\n");
    }

    /// <summary>The hub's methods answer with a promise; the client's are handlers.</summary>
    private string ReturnName(MethodInfo method, string name)
    {
        if (name.EndsWith("Client", StringComparison.Ordinal)) return "void";
        var result = _nullability.Create(method.ReturnParameter);
        return result.GenericTypeArguments is [var inner] ? $"Promise<{TypeName(inner)}>" : "Promise<void>";
    }

    private string TypeName(NullabilityInfo nullability)
    {
        var type = Nullable.GetUnderlyingType(nullability.Type) ?? nullability.Type;
        var name = type switch
        {
            _ when type == typeof(string) => "string",
            _ when type == typeof(bool) => "boolean",
            _ when type == typeof(int) || type == typeof(long) => "number",
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => $"readonly {TypeName(nullability.GenericTypeArguments[0])}[]",
            _ when _types.Contains(type) => type.Name,
            _ => throw new NotSupportedException($"The contract has a type with no TypeScript form: {type}."),
        };
        return nullability.ReadState == NullabilityState.Nullable ? $"{name} | null" : name;
    }

    private void WriteComment(string indent, string? summary, params string[] more)
    {
        if (indent.Length == 0) _text.Append('\n');
        string[] lines = summary is null ? more : [summary, .. more];
        if (lines.Length == 0) return;
        if (lines.Length == 1) _text.Append(CultureInfo.InvariantCulture, $"{indent}/** {lines[0]} */\n");
        else _text.Append(CultureInfo.InvariantCulture, $"{indent}/**\n{string.Concat(lines.Select(line => $"{indent} * {line}\n"))}{indent} */\n");
    }

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
