using System.Reflection;
using System.Text;
using HotLoop.TestKit;

namespace HotLoop.Tests.Project;

/// <summary>The public API against its baseline: a visible change is made on purpose.</summary>
public class PublicApiTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_public_API_is_the_one_of_the_baseline()
    {
        string folder = Path.Combine(Repository.Root, "native-tests", "HotLoop.Tests");
        string expected = File.ReadAllText(Path.Combine(folder, "PublicApi.txt"));
        string actual = Print(typeof(Conn).Assembly);
        if (expected != actual)
        {
            File.WriteAllText(Path.Combine(folder, "PublicApi.actual.txt"), actual);
        }

        Assert.Equal(expected, actual);
    }

    private static string Print(Assembly assembly)
    {
        StringBuilder text = new();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(KindOf(type)).Append(' ').Append(Name(type));
            Type[] bases = [.. BasesOf(type)];
            text.Append(bases.Length == 0 ? "" : " : " + string.Join(", ", bases.Select(Name))).Append('\n');
            foreach (string member in type.GetMembers(Declared).Select(Signature).OfType<string>().Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string KindOf(Type type) =>
        type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
        : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsSealed ? "sealed class" : "class";

    private static IEnumerable<Type> BasesOf(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
        {
            yield return parent;
        }

        IEnumerable<Type> inherited = type.BaseType?.GetInterfaces() ?? [];
        foreach (Type implemented in type.GetInterfaces().Except(inherited).Where(i => i.IsPublic && !type.IsEnum)
            .OrderBy(Name, StringComparer.Ordinal))
        {
            yield return implemented;
        }
    }

    private static string? Signature(MemberInfo member) => member switch
    {
        FieldInfo { IsSpecialName: false, IsPublic: true } f => f.IsLiteral ? $"{f.Name} = {Convert.ToInt64(f.GetRawConstantValue(), null)}" : $"{Name(f.FieldType)} {f.Name}",
        PropertyInfo p when p.GetMethod is { IsPublic: true } => $"{Static(p.GetMethod)}{Name(p.PropertyType)} {p.Name} {{ get; {Setter(p)}}}",
        ConstructorInfo { IsPublic: true } c => $".ctor({Parameters(c)})",
        MethodInfo { IsPublic: true } m when !IsAccessor(m) => $"{Static(m)}{Name(m.ReturnType)} {m.Name}{Generic(m)}({Parameters(m)})",
        _ => null,
    };

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name.StartsWith("set_", StringComparison.Ordinal));

    private static string Setter(PropertyInfo property)
    {
        if (property.SetMethod is not { IsPublic: true } set)
        {
            return "";
        }

        bool isInit = set.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit");
        return isInit ? "init; " : "set; ";
    }

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(
        ", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = " + (p.DefaultValue ?? "default") : "")}"));

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return "ref " + Name(type.GetElementType()!);
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
