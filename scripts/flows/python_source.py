"""Reads {path: source} on stdin and tells, as JSON, what each file imports and calls, or why it does not compile."""

import ast
import json
import sys


def _dotted(node, aliases):
    """a.b.c as text, with `import x as a` undone, or None for anything that is not plain names."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, aliases)
        return before and f"{before}.{node.attr}"
    return None


def _read(path, source):
    try:
        tree = ast.parse(source, path)
        compile(tree, path, "exec")
    except (SyntaxError, ValueError) as error:
        return {"error": {"line": getattr(error, "lineno", None) or 1, "message": str(getattr(error, "msg", error))}}
    nodes = list(ast.walk(tree))
    imports, aliases = [], {}
    for node in nodes:
        if isinstance(node, ast.Import):
            imports += [{"module": one.name, "name": None, "line": node.lineno} for one in node.names]
            aliases.update({one.asname: one.name for one in node.names if one.asname})
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            imports += [{"module": module, "name": one.name, "line": node.lineno} for one in node.names]
    dotted = [(_dotted(node, aliases), node.lineno) for node in nodes if isinstance(node, (ast.Name, ast.Attribute))]
    return {"imports": imports, "names": [{"name": name, "line": line} for name, line in dotted if name]}


json.dump({path: _read(path, source) for path, source in json.load(sys.stdin).items()}, sys.stdout)
