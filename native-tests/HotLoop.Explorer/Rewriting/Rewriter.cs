using HotLoop.Explorer.Exploring;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace HotLoop.Explorer.Rewriting;

/// <summary>
/// Gives the explorer a say before each access to a word that threads share: a call of <see cref="Steps"/> is put in front of it, or takes its place
/// where the real thing would block the thread.
/// </summary>
internal sealed class Rewriter
{
    private const string Threading = "System.Threading.";

    private readonly ModuleDefinition _module;
    private readonly Dictionary<string, MethodReference> _steps;
    private readonly HashSet<Mutant> _placed = [];

    private Rewriter(ModuleDefinition module)
    {
        _module = module;
        _steps = typeof(Steps).GetMethods().Where(m => m.DeclaringType == typeof(Steps))
            .ToDictionary(m => m.Name, m => module.ImportReference(m));
    }

    /// <summary>The library at <paramref name="path"/>, rewritten.</summary>
    internal static MemoryStream Rewrite(string path)
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(
            path, new ReaderParameters { ReadSymbols = true, InMemory = true });
        Rewriter rewriter = new(assembly.MainModule);
        foreach (TypeDefinition type in assembly.MainModule.GetTypes())
        {
            foreach (MethodDefinition method in type.Methods.Where(m => m.HasBody))
            {
                rewriter.Rewrite(method);
            }
        }

        if (Mutants.All.FirstOrDefault(m => !rewriter._placed.Contains(m)) is { } missing)
        {
            throw new InvalidOperationException($"The library has no call for the mutant {missing}.");
        }

        MemoryStream rewritten = new();
        assembly.Write(rewritten);
        rewritten.Position = 0;
        return rewritten;
    }

    private void Rewrite(MethodDefinition method)
    {
        method.Body.SimplifyMacros(); // short branches may become too short
        Dictionary<string, int> occurrences = [];
        foreach (Instruction instruction in method.Body.Instructions.ToArray())
        {
            if (instruction.OpCode == OpCodes.Volatile)
            {
                Announce(method, instruction, instruction.Next.OpCode.Name + " " + ((FieldReference)instruction.Next.Operand).Name);
            }
            else if (instruction.Operand is MethodReference callee)
            {
                Instruction first = RewriteCall(method, instruction, callee);
                int occurrence = occurrences.GetValueOrDefault(callee.Name);
                occurrences[callee.Name] = occurrence + 1;
                if (Array.FindIndex(Mutants.All, m => m.IsAt(method.DeclaringType.Name, method.Name, callee.Name, occurrence)) is >= 0 and int mutant)
                {
                    Mutate(method.Body, first, instruction, callee, mutant);
                }
            }
        }

        method.Body.OptimizeMacros();
    }

    // Returns the first instruction that now stands for the call.
    private Instruction RewriteCall(MethodDefinition method, Instruction call, MethodReference callee)
    {
        string type = callee.DeclaringType.GetElementType().FullName;
        string? replacement = (type, callee.Name) switch
        {
            (Threading + "SpinWait", "SpinOnce") => nameof(Steps.SpinOnce),
            (Threading + "Thread", "Yield") => nameof(Steps.Yield),
            (Threading + "Lock", "EnterScope") => nameof(Steps.EnterScope),
            (Threading + "Lock/Scope", "Dispose") => nameof(Steps.DisposeScope),
            _ => null,
        };
        if (replacement is not null)
        {
            call.OpCode = OpCodes.Call;
            call.Operand = _steps[replacement];
            return call;
        }

        bool isAccess = type is Threading + "Volatile" or Threading + "Interlocked"
            || (type == "System.Collections.Concurrent.ConcurrentQueue`1" && callee.Name != ".ctor");
        bool isUnknown = type == Threading + "Monitor" || (type == Threading + "Lock" && callee.Name != ".ctor");
        return isAccess || isUnknown ? Announce(method, call, type[(type.LastIndexOf('.') + 1)..].Split('`')[0] + "." + callee.Name, isUnknown) : call;
    }

    private Instruction Announce(MethodDefinition method, Instruction access, string what, bool isUnknown = false)
    {
        SequencePoint? line = method.DebugInformation.SequencePoints.LastOrDefault(p => !p.IsHidden && p.Offset <= access.Offset);
        string place = $"{method.DeclaringType.Name}.{method.Name}:{line?.StartLine} {what}";
        ILProcessor il = method.Body.GetILProcessor();
        Instruction first = il.Create(OpCodes.Ldstr, place);
        InsertBefore(il, access, first, il.Create(OpCodes.Call, _steps[isUnknown ? nameof(Steps.Unknown) : nameof(Steps.Access)]));
        return first;
    }

    // if (Steps.IsOn(mutant)) { the arguments go, a result comes } else { the call }
    private void Mutate(MethodBody body, Instruction first, Instruction call, MethodReference callee, int mutant)
    {
        ILProcessor il = body.GetILProcessor();
        _placed.Add(Mutants.All[mutant]);
        List<Instruction> instead = [il.Create(OpCodes.Ldc_I4, mutant), il.Create(OpCodes.Call, _steps[nameof(Steps.IsOn)]), il.Create(OpCodes.Brfalse, first)];
        if (Mutants.All[mutant].Torn)
        {
            instead.Add(il.Create(OpCodes.Call, _steps[nameof(Steps.TornCompareExchange)]));
        }
        else
        {
            instead.AddRange(Enumerable.Range(0, callee.Parameters.Count + (callee.HasThis ? 1 : 0)).Select(_ => il.Create(OpCodes.Pop)));
            if (callee.Name == nameof(Lock.EnterScope))
            {
                instead.Add(il.Create(OpCodes.Call, _steps[nameof(Steps.NoScope)]));
            }
            else if (callee.ReturnType.MetadataType != MetadataType.Void)
            {
                instead.Add(il.Create(OpCodes.Ldc_I4, Mutants.All[mutant].Result));
            }
        }

        instead.Add(il.Create(OpCodes.Br, call.Next));
        InsertBefore(il, first, [.. instead]);
    }

    // What jumps to the instruction, or handles its exceptions, has to come to what is put in front of it.
    private static void InsertBefore(ILProcessor il, Instruction target, params Instruction[] inserted)
    {
        foreach (Instruction other in il.Body.Instructions)
        {
            if (other.Operand == target)
            {
                other.Operand = inserted[0];
            }
            else if (other.Operand is Instruction[] cases)
            {
                other.Operand = cases.Select(c => c == target ? inserted[0] : c).ToArray();
            }
        }

        foreach (ExceptionHandler handler in il.Body.ExceptionHandlers)
        {
            handler.TryStart = handler.TryStart == target ? inserted[0] : handler.TryStart;
            handler.TryEnd = handler.TryEnd == target ? inserted[0] : handler.TryEnd;
            handler.HandlerStart = handler.HandlerStart == target ? inserted[0] : handler.HandlerStart;
            handler.HandlerEnd = handler.HandlerEnd == target ? inserted[0] : handler.HandlerEnd;
        }

        foreach (Instruction instruction in inserted)
        {
            il.InsertBefore(target, instruction);
        }
    }
}
