// Which literals each query is triggered by: the rarest group of those it cannot match without one of.

struct TriggerChooser {
    /// A literal, and a query that it triggers.
    private(set) var pairs: [(key: UInt32, value: UInt32)] = []
    /// The queries that nothing triggers.
    private(set) var always: [Int] = []
    private var frequencies: [Float]

    init(_ compiler: inout SetCompiler) {
        frequencies = compiler.frequencies()
        pairs.reserveCapacity(compiler.program.roots.count)
        for query in compiler.program.roots.indices {
            let root = Int(compiler.program.roots[query])
            if frequency(root, compiler.program) == nil {
                always.append(query)
            } else {
                addGroup(root, UInt32(query), &compiler)
            }
        }
    }

    /// How often the rarest group that the node at `index` cannot match without is expected; `nil` when the node can
    /// match without any literal.
    private func frequency(_ index: Int, _ program: Program) -> Float? {
        let node = program.nodes[index]
        switch node.operation {
        case .literal: return frequencies[Int(node.operand)]
        case .raw: return frequencies[Int(program.raws[Int(node.operand)].literal)]
        // A window's words may stand apart: only its anchor alone is sure to be there.
        case .window: return frequencies[Int(program.windows[Int(node.operand)].literal)] * 2
        case .not, .filter: return nil
        case .all, .near, .orderedNear:
            return rarestPart(index, program)?.frequency
        case .any:
            var sum: Float = 0
            var child = index + 1
            while child < Int(node.end) {
                guard let part = frequency(child, program) else { return nil }
                sum += part
                child = Int(program.nodes[child].end)
            }
            return sum
        }
    }

    private func rarestPart(_ index: Int, _ program: Program) -> (part: Int, frequency: Float)? {
        var rarest: (part: Int, frequency: Float)?
        var child = index + 1
        while child < Int(program.nodes[index].end) {
            if let part = frequency(child, program), part < rarest?.frequency ?? .infinity { rarest = (child, part) }
            child = Int(program.nodes[child].end)
        }
        return rarest
    }

    /// Adds the literals of the rarest group below the node at `index`.
    private mutating func addGroup(_ index: Int, _ query: UInt32, _ compiler: inout SetCompiler) {
        let node = compiler.program.nodes[index]
        switch node.operation {
        case .literal: pairs.append((node.operand, query))
        case .raw: pairs.append((compiler.program.raws[Int(node.operand)].literal, query))
        case .window:
            pairs.append((compiler.anchorLiteral(compiler.program.windows[Int(node.operand)].literal), query))
        case .not, .filter: break
        case .all, .near, .orderedNear:
            if let part = rarestPart(index, compiler.program)?.part { addGroup(part, query, &compiler) }
        case .any:
            var child = index + 1
            while child < Int(node.end) {
                addGroup(child, query, &compiler)
                child = Int(compiler.program.nodes[child].end)
            }
        }
    }
}
