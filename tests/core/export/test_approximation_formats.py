"""Approximations in C, in solvers and in a verifier give what the approximation gives."""

import re
import shutil

import numpy as np
import pytest
from foreign_runs import GCC, run

from core.approximation.relu.deployment import DeploymentOptions
from core.approximation.request import ApproximationRequest, Measurements
from core.errors import MathematicalError
from core.export.approximation.c_lookup import c_lookup
from core.export.approximation.cells import cells_of
from core.export.approximation.formats import APPROXIMATION_FORMATS

SOLVER_TOLERANCE = 2e-6
"""HiGHS and SCIP keep rows to 1e-6."""
FORMULA = "sin(3*x) - x/2 + abs(x - 1)"
INTERVAL = (-1.0, 2.5)


class Unlimited:
    """A budget for everything."""

    def points(self, points, place):
        pass

    def array_elements(self, numbers):
        pass

    def operations(self, operations):
        pass


def approximation(points=9, choice=None, formula=FORMULA, interval=INTERVAL):
    request = ApproximationRequest(formula, interval=interval, n=points, options=choice)
    return request.run(Unlimited())


def of_table(points=None):
    x = np.array([0.0, 0.5, 1.0, 2.0, 3.5, 4.0])
    y = np.array([1.0, 0.25, 0.75, -1.0, 2.0, 1.5])
    return of_samples(x, y, points)


def of_samples(x, y, points=None):
    return ApproximationRequest(samples=Measurements(x, y), n=points).run(Unlimited())


def fixed_point(bits, outside="clamp", **question):
    return approximation(choice=DeploymentOptions(outside, "float64", bits), **question)


EVERY = {
    "sheet": approximation(),
    "linear": approximation(choice=DeploymentOptions("linear")),
    "fixed point": fixed_point(16),
    "table": of_table(),
    "fitted": of_table(points=3),
}


@pytest.fixture(params=EVERY)
def shown(request):
    return EVERY[request.param]


def needs(*modules):
    found = [pytest.importorskip(name, reason=f"{name} is not installed") for name in modules]
    return found[0] if len(found) == 1 else found


def lowest(shown):
    """The minimum of NN on the interval: a polyline has it at a corner."""
    return float(shown.segments(shown.grid).min())


def compiled(folder, header, call, kind="double"):
    """A program that reads numbers and prints the function of each."""
    (folder / "f.h").write_bytes(header)
    read, write = ("%la", "%a") if kind == "double" else ("%lld", "%lld")
    type_ = "double" if kind == "double" else "long long"
    (folder / "main.c").write_text(
        f'#include <stdio.h>\n#include "f.h"\nint main(void) {{ {type_} x;\n'
        f'while (scanf("{read}", &x) == 1) printf("{write}\\n", ({type_}){call}(x));\n'
        "return 0; }"
    )
    run(*GCC, "-fsanitize=undefined,address", "-fno-sanitize-recover", "main.c", "-o", "main",
        "-lm", folder=folder)  # fmt: skip
    return lambda text: run("./main", text=text, folder=folder).split()


@pytest.fixture
def gcc():
    if not shutil.which("gcc"):
        pytest.skip("gcc is not installed")


def probes(shown):
    """Inside, outside, at every bend and beside it."""
    low, high = shown.interval
    bends = shown.segments.breakpoints
    return np.concatenate(
        [
            np.linspace(low - 2.0, high + 2.0, 1001),
            bends,
            np.nextafter(bends, -np.inf),
            np.nextafter(bends, np.inf),
            [0.0, -0.0, 1e300, -1e300],
        ]
    )


@pytest.mark.usefixtures("gcc")
@pytest.mark.parametrize("name", ["c", "c_lookup"])
def test_c_gives_the_very_bits(shown, name, tmp_path):
    header = APPROXIMATION_FORMATS[name].write(shown)
    x = probes(shown)
    printed = compiled(tmp_path, header, "relu_network")("\n".join(map(float.hex, x.tolist())))
    outputs = np.array([float.fromhex(word) for word in printed])
    assert outputs.tobytes() == shown.segments(x).tobytes()


@pytest.mark.usefixtures("gcc")
def test_the_lookup_is_exact_where_breakpoints_crowd(tmp_path):
    x = np.concatenate([[-1e6], np.geomspace(1e-9, 1.0, 60), [3.0, 1e6]])
    y = np.random.default_rng(1).normal(size=len(x))
    shown = of_samples(x, y)
    assert len(cells_of(shown.segments.breakpoints).steps) > 1
    points = probes(shown)
    program = compiled(tmp_path, c_lookup(shown.segments).encode(), "relu_network")
    printed = program("\n".join(map(float.hex, points.tolist())))
    assert np.array([float.fromhex(w) for w in printed]).tobytes() == (
        shown.segments(points).tobytes()
    )
    assert program("nan")[0].lstrip("-") == "nan"


@pytest.mark.usefixtures("gcc")
@pytest.mark.parametrize("outside", ["clamp", "linear"])
@pytest.mark.parametrize(
    ("bits", "interval"), [(8, (-1.0, 2.5)), (16, (-1.0, 2.5)), (24, (0.0, 5000.0))]
)
def test_integers_give_the_network_exactly(bits, interval, outside, tmp_path):
    formula = FORMULA if interval[1] < 10 else "x/7 + 40*sin(x/900)"
    shown = fixed_point(bits, outside, formula=formula, interval=interval)
    header = APPROXIMATION_FORMATS["c_integer"].write(shown)
    words = header.decode().split()
    step = float.fromhex(words[words.index("RELU_NETWORK_X_STEP") + 1])
    unit = float.fromhex(words[words.index("RELU_NETWORK_Y_STEP") + 1])
    limit = 2 ** (bits - 1)
    x = np.unique(np.linspace(-limit, limit - 1, 2001).round().astype(np.int64))
    knots = (shown.embedding.network.knots / step).astype(np.int64)
    x = np.union1d(x, np.concatenate([knots - 1, knots, knots + 1]).clip(-limit, limit - 1))
    printed = compiled(tmp_path, header, "relu_network_integer", "integer")(
        "\n".join(map(str, x.tolist()))
    )
    # In rational numbers, as Python's integers: every term is a multiple of `unit`.
    network = shown.embedding.network
    terms = [
        (int(weight / (unit / step)), int(direction), int(knot / step))
        for weight, direction, knot in zip(
            network.lambdas, network.directions, network.knots, strict=True
        )
    ]
    bias = int(network.bias / unit)
    expected = [
        bias + sum(w * max(d * (at - knot), 0) for w, d, knot in terms) for at in x.tolist()
    ]
    assert [int(word) for word in printed] == expected


def test_integers_need_a_network_in_fixed_point():
    with pytest.raises(MathematicalError, match="quantize"):
        APPROXIMATION_FORMATS["c_integer"].write(approximation())


@pytest.mark.parametrize("name", ["lp", "mps"])
def test_highs_reads_the_model_and_reaches_the_minimum(shown, name, tmp_path):
    highspy = needs("highspy")
    path = tmp_path / f"model.{name}"
    path.write_bytes(APPROXIMATION_FORMATS[name].write(shown))
    solver = highspy.Highs()
    solver.silent()
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    found = solver.getInfo().objective_function_value
    assert found == pytest.approx(lowest(shown), abs=SOLVER_TOLERANCE)
    at = solver.getSolution().col_value[solver.getColByName("x")[1]]
    assert shown.segments(np.array([at]))[0] == pytest.approx(found, abs=1e-4)


@pytest.mark.parametrize("name", ["lp", "mps", "lp_sos2", "mps_sos2"])
def test_scip_reads_the_model_and_reaches_the_minimum(shown, name, tmp_path):
    scip = needs("pyscipopt")
    path = tmp_path / f"model.{name[:3].rstrip('_')}"
    path.write_bytes(APPROXIMATION_FORMATS[name].write(shown))
    model = scip.Model()
    model.hideOutput()
    model.readProblem(str(path))
    model.optimize()
    assert model.getStatus() == "optimal"
    assert model.getObjVal() == pytest.approx(lowest(shown), abs=SOLVER_TOLERANCE)


def namespace(content):
    found: dict = {}
    exec(compile(content, "export.py", "exec"), found)  # noqa: S102 - our own export
    return found


def test_pyomo_and_highs_reach_the_minimum(shown):
    pyo, _ = needs("pyomo.environ", "highspy")
    model = pyo.ConcreteModel()
    model.nn = namespace(APPROXIMATION_FORMATS["pyomo"].write(shown))["relu_network"]()
    model.goal = pyo.Objective(expr=model.nn.y)
    pyo.SolverFactory("appsi_highs").solve(model)
    assert pyo.value(model.nn.y) == pytest.approx(lowest(shown), abs=SOLVER_TOLERANCE)


def test_linopy_and_highs_reach_the_minimum(shown):
    linopy, _ = needs("linopy", "highspy")
    model = linopy.Model()
    add = namespace(APPROXIMATION_FORMATS["linopy"].write(shown))["add_relu_network"]
    _, y = add(model)
    model.add_objective(1 * y)
    model.solve("highs", io_api="direct", output_flag=False)
    assert model.objective.value == pytest.approx(lowest(shown), abs=SOLVER_TOLERANCE)


def test_omlt_loads_the_onnx_and_highs_finds_the_minimum(shown, tmp_path):
    pyo, omlt, onnx_io, neuralnet, onnx, _ = needs(
        "pyomo.environ", "omlt", "omlt.io.onnx", "omlt.neuralnet", "onnx", "highspy"
    )
    written = onnx.load_model_from_string(APPROXIMATION_FORMATS["onnx"].write(shown))
    bounds = {0: (float(shown.grid[0]), float(shown.grid[-1]))}
    definition = onnx_io.load_onnx_neural_network(written, input_bounds=bounds)
    model = pyo.ConcreteModel()
    model.nn = omlt.OmltBlock()
    model.nn.build_formulation(neuralnet.ReluBigMFormulation(definition))
    model.goal = pyo.Objective(expr=model.nn.outputs[0])
    pyo.SolverFactory("appsi_highs").solve(model)
    assert pyo.value(model.nn.outputs[0]) == pytest.approx(lowest(shown), abs=SOLVER_TOLERANCE)


COUNTEREXAMPLE = re.compile(r"\(and \(<= X_0 (\S+)\) \(>= X_0 (\S+)\) \(([<>]=) Y_0 (\S+)\)\)")


@pytest.mark.filterwarnings("ignore")  # of Marabou, for parsers that are not asked for
@pytest.mark.parametrize(("shift", "provable"), [(0.0, True), (0.01, False)])
def test_marabou_proves_the_property_and_refutes_a_smaller_error(tmp_path, shift, provable):
    marabou, _ = needs("maraboupy.Marabou", "onnx")
    shown = of_table(points=3)
    text = APPROXIMATION_FORMATS["vnnlib"].write(shown).decode()
    (tmp_path / "network.onnx").write_bytes(APPROXIMATION_FORMATS["onnx"].write(shown))
    cases = COUNTEREXAMPLE.findall(text)
    assert len(cases) == text.count("(and") == 2 * len(shown.table.x)
    verdicts = set()
    for low, high, sense, bound in cases:
        network = marabou.read_onnx(str(tmp_path / "network.onnx"))
        x, y = network.inputVars[0].item(), network.outputVars[0].item()
        network.setLowerBound(x, float(high))
        network.setUpperBound(x, float(low))
        if sense == "<=":
            network.setUpperBound(y, float(bound) + shift)
        else:
            network.setLowerBound(y, float(bound) - shift)
        verdicts.add(network.solve(verbose=False)[0])
    assert verdicts == ({"unsat"} if provable else {"sat", "unsat"})


def test_a_property_needs_a_table():
    with pytest.raises(MathematicalError, match="table"):
        APPROXIMATION_FORMATS["vnnlib"].write(approximation())


@pytest.mark.parametrize("name", sorted(APPROXIMATION_FORMATS))
def test_the_same_approximation_is_the_same_bytes(name):
    shown = of_table() if name == "vnnlib" else fixed_point(16)
    write = APPROXIMATION_FORMATS[name].write
    assert write(shown) == write(shown)
