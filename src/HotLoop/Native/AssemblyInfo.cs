using System.Runtime.CompilerServices;

// Blittable signatures only: the stubs are direct calls, and nothing is marshalled behind our back.
[assembly: DisableRuntimeMarshalling]
