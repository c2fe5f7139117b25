"""The formulas that belong to no single mechanism: pure scalar functions, compiled.

A rule takes plain numbers and gives a plain number, a truth value or a small tuple. Uniform draws
come in as arguments; no rule knows the scenario, arrays, files or other agents. Import rules from
their files: `from amnok.rules.routes import route_utility`. Those of a mechanism stand in its
module, `amnok.mechanisms`.

| file | system | claims |
|---|---|---|
| `calendar` | seasons and halts | A10 |
| `orders` | orders and the politics that drives them | A05, A10, B04-B06 |
| `routes` | choice of route, and where effort goes | A11, A14, B09 |
| `partners` | partners who may refuse | B07, B11 |
| `markets` | prices on both sides | - |
| `learning` | perceived risk and wariness | A06 |
| `distributions`, `smoothing` | the distributions and the averaging the others share | - |
"""
