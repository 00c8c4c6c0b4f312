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
    private const string Queue = "System.Collections.Concurrent.ConcurrentQueue`1";

    private const string Promise = "System.Threading.Tasks.TaskCompletionSource`1";
    private const string Pool = "Microsoft.Extensions.ObjectPool.ObjectPool`1";

    private readonly ModuleDefinition _module;
    private readonly Dictionary<string, MethodReference> _steps;
    private readonly HashSet<Mutant> _placed = [];
    private readonly HashSet<string> _words;

    private Rewriter(ModuleDefinition module)
    {
        _module = module;
        _steps = typeof(Steps).GetMethods().Where(m => m.DeclaringType == typeof(Steps))
            .ToDictionary(m => m.Name, m => module.ImportReference(m));

        // What is accessed by its address, hence by Volatile or Interlocked.
        _words = [.. module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions)
            .Where(i => i.OpCode == OpCodes.Ldflda).Select(i => (FieldReference)i.Operand).Where(f => f.FieldType.IsPrimitive).Select(f => f.FullName)];
    }

    /// <summary>The library at <paramref name="path"/>, rewritten.</summary>
    internal static MemoryStream Rewrite(string path)
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(
            path, new ReaderParameters { ReadSymbols = true, InMemory = true });
        Rewriter rewriter = new(assembly.MainModule);
        foreach (TypeDefinition type in assembly.MainModule.GetTypes())
        {
            foreach (MethodDefinition method in type.Methods.Where(m => m.HasBody).ToArray())
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
                RewriteVolatile(method, instruction);
            }
            else if (instruction.Operand is FieldReference field && _words.Contains(field.FullName)
                && instruction.OpCode.Code is Code.Ldfld or Code.Stfld && instruction.Previous?.OpCode != OpCodes.Volatile)
            {
                InsertBefore(method.Body.GetILProcessor(), instruction, Instruction.Create(OpCodes.Call, _steps[nameof(Steps.Commit)]));
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

        if (type == Threading + "Volatile" && callee.Parameters[0].ParameterType is ByReferenceType { ElementType.IsPrimitive: true } word)
        {
            return Replace(method, call, callee.Name, word.ElementType, PlaceOf(method, call, "Volatile." + callee.Name));
        }

        // A reference that is read is none of the words whose writes are seen late. To take an item off a queue is a swap, but there need not be one.
        bool isLook = (type == Threading + "Volatile" && callee.Name == "Read") || (type == Queue && callee.Name is "TryDequeue" or "get_IsEmpty");
        bool isAccess = !isLook
            && (type is Threading + "Volatile" or Threading + "Interlocked"
                || (type == Queue && callee.Name == "Enqueue")
                || (type == Promise && callee.Name == "SetResult")
                || (type == Pool && callee.Name is "Get" or "Return"));
        bool isUnknown = type == Threading + "Monitor" || (type is Threading + "Lock" or Queue && callee.Name != ".ctor");
        string? step = isAccess ? nameof(Steps.Access) : isLook ? nameof(Steps.Look) : isUnknown ? nameof(Steps.Unknown) : null;
        return step is null ? call : Announce(method, call, type[(type.LastIndexOf('.') + 1)..].Split('`')[0] + "." + callee.Name, step);
    }

    private Instruction Announce(MethodDefinition method, Instruction access, string what, string step = nameof(Steps.Access))
    {
        ILProcessor il = method.Body.GetILProcessor();
        Instruction first = il.Create(OpCodes.Ldstr, PlaceOf(method, access, what));
        InsertBefore(il, access, first, il.Create(OpCodes.Call, _steps[step]));
        return first;
    }

    // A step that knows the word, whose address is on the stack, with the value where it is written.
    private Instruction Replace(MethodDefinition method, Instruction access, string step, TypeReference type, string place)
    {
        Instruction first = Instruction.Create(OpCodes.Ldstr, place);
        InsertBefore(method.Body.GetILProcessor(), access, first);
        GenericInstanceMethod generic = new(_steps[step]);
        generic.GenericArguments.Add(type);
        access.OpCode = OpCodes.Call;
        access.Operand = generic;
        return first;
    }

    // A field's address cannot be had once the value is on the stack: a method of its type writes it.
    private void RewriteVolatile(MethodDefinition method, Instruction prefix)
    {
        Instruction access = prefix.Next;
        FieldReference field = (FieldReference)access.Operand;
        string what = access.OpCode.Name + " " + field.Name;
        TypeReference type = ((IModifierType)field.FieldType).ElementType;
        if (!type.IsPrimitive || access.OpCode.Code is not (Code.Ldfld or Code.Stfld))
        {
            Announce(method, prefix, what);
            return;
        }

        prefix.OpCode = OpCodes.Nop;
        prefix.Operand = null;
        if (access.OpCode.Code == Code.Ldfld)
        {
            access.OpCode = OpCodes.Ldflda;
            Instruction read = Instruction.Create(OpCodes.Call, _steps[nameof(Steps.Read)]);
            method.Body.GetILProcessor().InsertAfter(access, read);
            Replace(method, read, nameof(Steps.Read), type, PlaceOf(method, prefix, what));
        }
        else
        {
            InsertBefore(method.Body.GetILProcessor(), access, Instruction.Create(OpCodes.Ldstr, PlaceOf(method, access, what)));
            access.OpCode = OpCodes.Call;
            access.Operand = WriterOf(field.Resolve(), type);
        }
    }

    private MethodDefinition WriterOf(FieldDefinition field, TypeReference type)
    {
        string name = $"<write>{field.Name}";
        if (field.DeclaringType.Methods.FirstOrDefault(m => m.Name == name) is { } made)
        {
            return made;
        }

        MethodDefinition writer = new(name, MethodAttributes.Private | MethodAttributes.Static | MethodAttributes.HideBySig, _module.TypeSystem.Void);
        TypeReference[] parameters = [field.DeclaringType, type, _module.TypeSystem.String];
        foreach (TypeReference parameter in parameters)
        {
            writer.Parameters.Add(new ParameterDefinition(parameter));
        }

        GenericInstanceMethod write = new(_steps[nameof(Steps.Write)]);
        write.GenericArguments.Add(type);
        ILProcessor il = writer.Body.GetILProcessor();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, write);
        il.Emit(OpCodes.Ret);
        field.DeclaringType.Methods.Add(writer);
        return writer;
    }

    private static string PlaceOf(MethodDefinition method, Instruction access, string what)
    {
        SequencePoint? line = method.DebugInformation.SequencePoints.LastOrDefault(p => !p.IsHidden && p.Offset <= access.Offset);
        return $"{method.DeclaringType.Name}.{method.Name}:{line?.StartLine} {what}";
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
